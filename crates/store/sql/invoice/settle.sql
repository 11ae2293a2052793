UPDATE billing_account SET invoiced_until = $3 WHERE id = $1 AND invoiced_until = $2 AND merged_into IS NULL
