SELECT account_id, is_reusable, expires_at FROM sign_in_link WHERE secret_hash = $1
