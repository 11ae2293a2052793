DELETE FROM event_payload WHERE event_id IN (
    SELECT y.event_id FROM event_payload y
    WHERE y.event_id < $1 AND NOT EXISTS (SELECT 1 FROM event_pending p WHERE p.event_id = y.event_id)
    ORDER BY y.event_id
    LIMIT 1000)
