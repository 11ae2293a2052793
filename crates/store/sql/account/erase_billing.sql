DELETE FROM billing_account_admin WHERE account_id = $1
