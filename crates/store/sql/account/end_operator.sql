UPDATE account SET is_operator = FALSE WHERE id = $1
