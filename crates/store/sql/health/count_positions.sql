SELECT COUNT(*), COALESCE(MAX(position), 0) FROM event_position
