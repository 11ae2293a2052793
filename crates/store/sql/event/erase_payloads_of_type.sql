DELETE FROM event_payload WHERE event_id IN (
    SELECT e.id FROM event e JOIN event_payload y ON y.event_id = e.id
    WHERE e.type = $1 AND e.id < $2 AND NOT EXISTS (SELECT 1 FROM event_pending p WHERE p.event_id = e.id)
    ORDER BY e.id
    LIMIT 1000)
