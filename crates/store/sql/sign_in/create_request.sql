INSERT INTO sign_in_request (id, email_folded, next_path, created_at) VALUES ($1, $2, $3, $4)
