DELETE FROM passkey WHERE account_id = $1
