SELECT p.position, e.commitment, y.salt, y.payload
FROM event_position p JOIN event e ON e.id = p.event_id JOIN event_payload y ON y.event_id = e.id
WHERE p.position > $1
ORDER BY p.position
LIMIT 1000
