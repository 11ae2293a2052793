UPDATE billing_account SET merged_into = $2, account_key = NULL WHERE id = $1
