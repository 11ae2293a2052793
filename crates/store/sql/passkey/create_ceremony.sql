INSERT INTO passkey_ceremony (id, account_id, is_registration, state, expires_at) VALUES ($1, $2, $3, $4, $5)
