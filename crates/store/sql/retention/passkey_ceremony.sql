DELETE FROM passkey_ceremony WHERE id IN (
    SELECT id FROM passkey_ceremony
    WHERE expires_at < $1
    LIMIT 1000)
