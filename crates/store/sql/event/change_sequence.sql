UPDATE event_sequence SET last_position = $1 WHERE name = 'event'
