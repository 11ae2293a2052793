SELECT (SELECT COUNT(*) FROM recovery_code WHERE account_id = $1 AND used_at IS NULL),
       (SELECT COUNT(*) FROM recovery_code WHERE account_id = $1)
