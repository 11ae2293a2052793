SELECT p.arrival, e.type, e.organization_id, e.workspace_id
FROM event_pending p JOIN event e ON e.id = p.event_id
ORDER BY p.arrival
LIMIT $1
