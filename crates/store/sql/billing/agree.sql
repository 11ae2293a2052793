UPDATE workspace_subscription SET reseller_agreed_at = $3, reseller_agreed_to = $4 WHERE workspace_id = $1 AND reseller_id = $2
