SELECT id, kind, content, is_urgent, created_at, read_at FROM notification WHERE id = $1 AND account_id = $2
