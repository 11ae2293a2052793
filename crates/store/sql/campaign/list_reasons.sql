SELECT workspace_id, code FROM workspace_reason WHERE workspace_id > $1 AND workspace_id <= $2
