SELECT p.position, e.id, e.type, e.at, e.actor_id, e.actor_through, e.organization_id, e.workspace_id, e.commitment, y.payload
FROM event e JOIN event_position p ON p.event_id = e.id LEFT JOIN event_payload y ON y.event_id = e.id
WHERE e.organization_id = $1 AND e.id < $2 AND ($4 = '' OR e.type = $4)
ORDER BY e.id DESC
LIMIT $3
