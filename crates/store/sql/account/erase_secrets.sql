DELETE FROM one_time_token WHERE account_id = $1 OR email_folded = $2
