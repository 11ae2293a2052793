SELECT offer, shown_at FROM offer_answer WHERE account_id = $1
