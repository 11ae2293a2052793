SELECT last_position FROM event_sequence WHERE name = 'event'
