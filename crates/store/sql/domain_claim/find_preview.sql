SELECT accounts, made_at FROM claim_preview WHERE domain_claim_id = $1 AND digest = $2 AND made_at > $3
