UPDATE domain_claim
SET state = $2, verified_at = $3, checked_at = $4, seen = $5, missing_since = $6, due_at = $7
WHERE id = $1 AND state = $8
