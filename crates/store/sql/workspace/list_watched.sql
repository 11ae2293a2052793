SELECT workspace_id FROM workspace_watch WHERE account_id = $1
