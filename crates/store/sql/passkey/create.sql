INSERT INTO passkey (id, account_id, credential_id, credential, name, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (credential_id) DO NOTHING
