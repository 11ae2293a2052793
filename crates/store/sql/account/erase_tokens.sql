DELETE FROM token WHERE account_id = $1
