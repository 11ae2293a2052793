UPDATE view_cursor SET position = $3 WHERE name = $1 AND position = $2
