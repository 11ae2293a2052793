SELECT COUNT(*) FROM notification WHERE account_id = $1 AND read_at IS NULL
