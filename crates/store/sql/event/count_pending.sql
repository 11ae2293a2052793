SELECT COUNT(*), MIN(e.at) FROM event_pending p JOIN event e ON e.id = p.event_id
