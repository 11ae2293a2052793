SELECT DISTINCT workspace_id FROM workspace_contact WHERE account_id = $1
