DELETE FROM package WHERE workspace_id = $1
