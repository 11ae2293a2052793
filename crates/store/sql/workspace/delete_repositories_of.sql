DELETE FROM repository WHERE workspace_id = $1
