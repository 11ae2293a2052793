DELETE FROM mail WHERE id IN (
    SELECT id FROM mail
    WHERE state IN ('sent', 'given_up') AND ended_at < $1
    LIMIT 1000)
