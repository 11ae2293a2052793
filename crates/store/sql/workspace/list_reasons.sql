SELECT code, since FROM workspace_reason WHERE workspace_id = $1
