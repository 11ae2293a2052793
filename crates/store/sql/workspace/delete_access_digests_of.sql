DELETE FROM workspace_access_digest WHERE workspace_id = $1
