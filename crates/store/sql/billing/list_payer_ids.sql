SELECT account_id FROM workspace_contact WHERE workspace_id = $1
UNION SELECT reseller_id FROM workspace_subscription WHERE workspace_id = $1 AND reseller_id IS NOT NULL
