SELECT id, account_id, name, credential, created_at, last_used_at FROM passkey WHERE credential_id = $1
