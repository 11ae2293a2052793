UPDATE link_stage SET billing_account_id = $3 WHERE link_id = $1 AND billing_account_id = $2
