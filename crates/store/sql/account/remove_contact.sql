DELETE FROM workspace_contact WHERE workspace_id = $1 AND account_id = $2
