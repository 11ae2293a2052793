DELETE FROM workspace_contact WHERE workspace_id = $1
