DELETE FROM workspace_watch WHERE account_id = $1
