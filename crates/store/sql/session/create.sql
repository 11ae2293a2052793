INSERT INTO session (id, secret_hash, account_id, created_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)
