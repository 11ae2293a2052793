DELETE FROM workspace_reason WHERE workspace_id = $1
