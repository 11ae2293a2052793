INSERT INTO recovery_code (account_id, code_hash, created_at) VALUES ($1, $2, $3)
