SELECT id, lease FROM webhook
WHERE state = 'active' AND due_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
ORDER BY due_at, id
LIMIT 1
