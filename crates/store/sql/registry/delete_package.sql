DELETE FROM package WHERE workspace_id = $1 AND image = $2 AND digest = $3
