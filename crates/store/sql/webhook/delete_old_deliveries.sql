DELETE FROM webhook_delivery WHERE ended_at < $1
