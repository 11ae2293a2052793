INSERT INTO token (id, secret_hash, account_id, name, scopes, created_at, last_used_at, expires_at, revoked_at)
VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, NULL)
