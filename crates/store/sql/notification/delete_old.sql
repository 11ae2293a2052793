DELETE FROM notification WHERE created_at < $1
