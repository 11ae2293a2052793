INSERT INTO one_time_token (secret_hash, purpose, subject_id, account_id, email_folded, created_at, expires_at, used_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)
