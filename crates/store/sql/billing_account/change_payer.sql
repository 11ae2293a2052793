UPDATE billing_account SET payer_id = $2, account_key = NULL WHERE id = $1
