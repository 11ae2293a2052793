INSERT INTO billing_account_admin (billing_account_id, account_id) SELECT $2, account_id FROM billing_account_admin WHERE billing_account_id = $1
