SELECT account_id FROM workspace_contact WHERE workspace_id = $1 AND kind = 'billing' ORDER BY account_id
