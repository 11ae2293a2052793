SELECT e.at FROM event_pending w JOIN event e ON e.id = w.event_id ORDER BY w.arrival LIMIT 1
