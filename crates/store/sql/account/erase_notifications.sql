DELETE FROM notification WHERE account_id = $1
