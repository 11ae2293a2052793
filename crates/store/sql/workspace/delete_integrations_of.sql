DELETE FROM site_integration WHERE workspace_id = $1
