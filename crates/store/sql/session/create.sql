INSERT INTO session (id, secret_hash, account_id, created_at, last_seen_at, authenticated_at, expires_at, user_agent, address)
VALUES ($1, $2, $3, $4, $4, $4, $5, $6, $7)
