SELECT p.position, e.id, e.type, e.at, e.actor_id, e.actor_through, e.organization_id, e.workspace_id, e.commitment, y.payload
FROM event e JOIN event_position p ON p.event_id = e.id LEFT JOIN event_payload y ON y.event_id = e.id
WHERE e.workspace_id = $12 AND e.id < $1 AND ($3 = '' OR $3 LIKE '% ' || e.type || ' %') AND e.at >= $4 AND e.at < $5
  AND (CAST($6 AS BOOLEAN) OR e.actor_id = $7) AND (CAST($8 AS BOOLEAN) OR e.workspace_id = $9) AND (CAST($10 AS BOOLEAN) OR e.organization_id = $11)
ORDER BY e.id DESC
LIMIT $2
