SELECT purpose, subject_id, account_id, email_folded, created_at, expires_at, used_at FROM one_time_token WHERE secret_hash = $1
