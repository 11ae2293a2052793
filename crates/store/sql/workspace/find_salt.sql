SELECT access_salt FROM workspace WHERE id = $1
