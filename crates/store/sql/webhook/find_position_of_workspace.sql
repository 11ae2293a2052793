SELECT MIN(p.position) FROM event e JOIN event_position p ON p.event_id = e.id WHERE e.workspace_id = $1 AND e.at >= $2
