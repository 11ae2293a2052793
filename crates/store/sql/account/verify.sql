UPDATE account SET is_verified = TRUE WHERE id = $1
