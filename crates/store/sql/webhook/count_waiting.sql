SELECT COUNT(*) FROM webhook_delivery WHERE webhook_id = $1 AND state = 'waiting' AND position <= $2
