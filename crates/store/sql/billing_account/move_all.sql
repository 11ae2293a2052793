UPDATE link_stage SET billing_account_id = $2 WHERE billing_account_id = $1
