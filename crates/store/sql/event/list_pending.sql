SELECT event_id FROM event_pending ORDER BY arrival LIMIT $1
