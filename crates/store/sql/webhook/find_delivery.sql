SELECT d.id, d.position, d.state, d.attempts, d.due_at, d.created_at, d.ended_at, e.type, a.status, a.problem
FROM webhook_delivery d
JOIN event_position p ON p.position = d.position JOIN event e ON e.id = p.event_id
LEFT JOIN webhook_attempt a ON a.delivery_id = d.id AND a.attempt = d.attempts
WHERE d.webhook_id = $1 AND d.position = $2
