DELETE FROM webhook_delivery WHERE id IN (
    SELECT id FROM webhook_delivery
    WHERE ended_at < $1
    LIMIT 1000)
