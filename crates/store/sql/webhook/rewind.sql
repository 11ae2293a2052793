UPDATE webhook SET position = CASE WHEN position > $2 THEN $2 ELSE position END, is_behind = TRUE, due_at = $3 WHERE id = $1
