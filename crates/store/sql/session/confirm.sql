UPDATE session SET authenticated_at = $2 WHERE id = $1
