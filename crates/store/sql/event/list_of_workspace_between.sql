SELECT p.position, e.id, e.type, e.at, e.actor_id, e.actor_through, e.organization_id, e.workspace_id, e.commitment, y.payload
FROM event_position p JOIN event e ON e.id = p.event_id LEFT JOIN event_payload y ON y.event_id = e.id
WHERE p.position > $1 AND p.position <= $2 AND e.workspace_id = $4
ORDER BY p.position
LIMIT $3
