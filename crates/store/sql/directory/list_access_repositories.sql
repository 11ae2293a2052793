SELECT id, slug FROM repository WHERE workspace_id = $1
