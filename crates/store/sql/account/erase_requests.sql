DELETE FROM sign_in_request WHERE account_id = $1 OR email_folded = $2
