DELETE FROM registry_event WHERE id IN (
    SELECT id FROM registry_event
    WHERE received_at < $1
    LIMIT 1000)
