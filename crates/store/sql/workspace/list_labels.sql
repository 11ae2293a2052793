SELECT label FROM workspace_label WHERE workspace_id = $1 ORDER BY label
