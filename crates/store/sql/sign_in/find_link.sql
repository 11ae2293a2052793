SELECT account_id, expires_at FROM sign_in_link WHERE secret_hash = $1
