INSERT INTO idempotency (account_id, route, key, request_hash, answer, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (account_id, route, key) DO NOTHING
