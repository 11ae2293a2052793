DELETE FROM workspace_preference WHERE workspace_id = $1 AND organization_id = $2
