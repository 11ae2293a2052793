SELECT COUNT(*) FROM repository WHERE workspace_id = $1
