UPDATE session SET user_agent = $2, address = $3 WHERE secret_hash = $1
