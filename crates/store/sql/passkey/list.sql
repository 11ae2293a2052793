SELECT id, account_id, name, credential, created_at, last_used_at FROM passkey WHERE account_id = $1 ORDER BY id
