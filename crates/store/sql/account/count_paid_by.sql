SELECT (SELECT COUNT(*) FROM workspace_subscription WHERE reseller_id = $1) + (SELECT COUNT(*) FROM billing_account WHERE payer_id = $1 AND merged_into IS NULL)
