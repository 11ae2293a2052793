SELECT p.position, e.id, e.type, e.at, e.actor_id, e.actor_through, e.organization_id, e.workspace_id, e.commitment
FROM event_position p JOIN event e ON e.id = p.event_id
WHERE p.position > $1
ORDER BY p.position
LIMIT $2
