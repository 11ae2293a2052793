SELECT t.id, t.scopes, t.expires_at, a.id, a.email, a.name, a.is_verified, a.is_robot, a.is_operator, a.is_suspended
FROM token t JOIN account a ON a.id = t.account_id
WHERE t.secret_hash = $1 AND t.revoked_at IS NULL
