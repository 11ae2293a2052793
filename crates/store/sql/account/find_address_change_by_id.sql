SELECT account_id, email FROM address_change WHERE id = $1
