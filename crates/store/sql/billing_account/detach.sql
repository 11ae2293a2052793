UPDATE billing_account SET account_key = NULL WHERE id = $1
