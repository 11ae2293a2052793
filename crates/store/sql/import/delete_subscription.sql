DELETE FROM workspace_subscription WHERE workspace_id = $1
