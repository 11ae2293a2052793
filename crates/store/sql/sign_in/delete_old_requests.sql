DELETE FROM sign_in_request WHERE created_at < $1
