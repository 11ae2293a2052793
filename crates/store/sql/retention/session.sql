DELETE FROM session WHERE id IN (
    SELECT id FROM session
    WHERE expires_at < $1
    LIMIT 1000)
