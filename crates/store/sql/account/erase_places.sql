DELETE FROM sign_in_place WHERE account_id = $1
