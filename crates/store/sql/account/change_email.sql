UPDATE account SET email = $2, email_folded = $3, is_verified = TRUE WHERE id = $1
