UPDATE event_sequence SET last_position = last_position + 0 WHERE name = 'event' RETURNING last_position
