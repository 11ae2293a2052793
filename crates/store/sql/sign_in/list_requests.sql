SELECT id, email_folded, next_path, account_id FROM sign_in_request WHERE answered_at IS NULL ORDER BY created_at, id LIMIT 100
