DELETE FROM sign_in_link WHERE account_id = $1
