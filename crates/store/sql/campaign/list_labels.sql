SELECT workspace_id, label FROM workspace_label WHERE workspace_id > $1 AND workspace_id <= $2
