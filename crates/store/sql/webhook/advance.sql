UPDATE webhook SET position = $3, is_behind = $4 WHERE id = $1 AND lease = $2
