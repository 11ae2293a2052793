DELETE FROM passkey_ceremony WHERE id = $1
