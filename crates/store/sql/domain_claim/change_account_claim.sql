UPDATE account_claim
SET state = $3, objected_at = $4, reason = $5, managed_at = $6
WHERE account_id = $1 AND domain_claim_id = $2 AND state = $7
