DELETE FROM workspace_watch WHERE workspace_id = $1
