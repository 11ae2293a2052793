DELETE FROM billing_request WHERE billing_account_id = $1
