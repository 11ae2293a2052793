SELECT l.workspace_id FROM link l
WHERE l.run_id = $1 AND l.ended_at IS NULL AND l.workspace_id > $2
ORDER BY l.workspace_id LIMIT $3
