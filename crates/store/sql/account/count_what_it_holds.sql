SELECT (SELECT COUNT(*) FROM token WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2),
       (SELECT COUNT(*) FROM session WHERE account_id = $1 AND expires_at > $2)
