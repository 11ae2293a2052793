DELETE FROM workspace_invoice WHERE workspace_id = $1 AND number = $2
