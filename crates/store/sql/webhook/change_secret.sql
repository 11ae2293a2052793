UPDATE webhook SET secret = $2, previous_secret = $3, previous_until = $4 WHERE id = $1
