SELECT event_id FROM event_pending ORDER BY event_id LIMIT $1
