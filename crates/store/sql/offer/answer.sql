UPDATE offer_answer SET answer = $3, answered_at = $4
WHERE account_id = $1 AND offer = $2 AND answer IS NULL
