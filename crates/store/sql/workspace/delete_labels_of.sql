DELETE FROM workspace_label WHERE workspace_id = $1
