SELECT COUNT(*) FROM workspace_invoice WHERE workspace_id = $1 AND state = 'open'
