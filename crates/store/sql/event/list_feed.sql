SELECT p.position, e.type, e.organization_id, e.workspace_id
FROM event_position p JOIN event e ON e.id = p.event_id
WHERE p.position > $1
ORDER BY p.position
LIMIT $2
