DELETE FROM passkey_ceremony WHERE account_id = $1
