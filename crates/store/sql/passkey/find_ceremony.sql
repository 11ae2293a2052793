SELECT account_id, is_registration, state, expires_at FROM passkey_ceremony WHERE id = $1
