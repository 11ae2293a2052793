DELETE FROM offer_answer WHERE account_id = $1
