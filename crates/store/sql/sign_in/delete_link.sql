DELETE FROM sign_in_link WHERE secret_hash = $1
