DELETE FROM webhook WHERE workspace_id = $1
