DELETE FROM token WHERE id IN (
    SELECT id FROM token
    WHERE expires_at < $1 OR revoked_at < $1
    LIMIT 1000)
