SELECT COUNT(*) FROM billing_account_admin WHERE billing_account_id = $1 AND account_id = $2
