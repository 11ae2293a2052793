DELETE FROM sign_in_request WHERE id IN (
    SELECT id FROM sign_in_request
    WHERE created_at < $1
    LIMIT 1000)
