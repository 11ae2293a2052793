SELECT id, kind, content, is_urgent, created_at, read_at FROM notification
WHERE account_id = $1 AND read_at IS NULL AND is_urgent ORDER BY id DESC LIMIT 3
