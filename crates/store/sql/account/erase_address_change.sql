DELETE FROM address_change WHERE account_id = $1
