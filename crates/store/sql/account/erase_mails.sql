DELETE FROM mail WHERE account_id = $1 OR address = $2
