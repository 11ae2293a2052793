SELECT id, name, scopes, created_at, last_used_at, expires_at FROM token
WHERE account_id = $1 AND revoked_at IS NULL
ORDER BY created_at, id
