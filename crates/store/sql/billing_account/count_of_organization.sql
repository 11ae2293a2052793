SELECT COUNT(*) FROM billing_account WHERE organization_id = $1
