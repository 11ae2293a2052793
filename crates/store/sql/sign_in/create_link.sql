INSERT INTO sign_in_link (secret_hash, account_id, is_reusable, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
