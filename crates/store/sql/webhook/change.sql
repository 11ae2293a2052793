UPDATE webhook SET url = $2, description = $3, types = $4 WHERE id = $1
