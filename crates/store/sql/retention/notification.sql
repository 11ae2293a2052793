DELETE FROM notification WHERE id IN (
    SELECT id FROM notification
    WHERE created_at < $1
    LIMIT 1000)
