SELECT id, email_folded, next_path, account_id FROM sign_in_request WHERE id = $1
