UPDATE billing_account SET version = version + 1 WHERE id IN (SELECT billing_account_id FROM billing_account_admin WHERE account_id = $1)
