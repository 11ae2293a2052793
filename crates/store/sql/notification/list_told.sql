SELECT DISTINCT account_id FROM notification WHERE position > $1 AND position <= $2
