SELECT password_hash, time_zone, created_at FROM account WHERE id = $1 AND erased_at IS NULL
