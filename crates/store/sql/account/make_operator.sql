UPDATE account SET is_operator = TRUE WHERE id = $1
