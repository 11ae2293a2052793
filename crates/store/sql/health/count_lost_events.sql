SELECT COUNT(*) FROM event e
WHERE NOT EXISTS (SELECT 1 FROM event_position p WHERE p.event_id = e.id)
    AND NOT EXISTS (SELECT 1 FROM event_pending w WHERE w.event_id = e.id)
