SELECT e.type, e.at, y.payload
FROM event e LEFT JOIN event_payload y ON y.event_id = e.id
WHERE e.workspace_id = $1 AND e.version > $2
ORDER BY e.version
LIMIT 1000
