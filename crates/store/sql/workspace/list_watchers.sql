SELECT account_id FROM workspace_watch WHERE workspace_id = $1 ORDER BY account_id
