SELECT id, kind, content, is_urgent, created_at, read_at FROM notification
WHERE account_id = $1 AND id < $2 AND (read_at IS NULL) = $4
ORDER BY id DESC LIMIT $3
