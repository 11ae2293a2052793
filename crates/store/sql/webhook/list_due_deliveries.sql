SELECT d.id, d.position, d.attempts, d.tries FROM webhook_delivery d
WHERE d.webhook_id = $1 AND d.state = 'waiting' AND d.position <= $2
  AND NOT EXISTS (SELECT 1 FROM webhook_delivery b WHERE b.webhook_id = d.webhook_id AND b.lane = d.lane AND b.state = 'waiting' AND b.position < d.position)
  AND d.due_at <= $3
ORDER BY d.position
LIMIT $4
