UPDATE link_stage SET charged_until = $4 WHERE link_id = $1 AND billing_account_id = $2 AND charged_until = $3
