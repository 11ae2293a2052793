INSERT INTO address_change (id, account_id, email, created_at) VALUES ($1, $2, $3, $4)
