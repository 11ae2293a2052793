DELETE FROM account_claim WHERE account_id = $1 AND domain_claim_id = $2
