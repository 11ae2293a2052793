UPDATE billing_account SET name = $2, bill_to = $3 WHERE id = $1
