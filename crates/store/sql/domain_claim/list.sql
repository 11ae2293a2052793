SELECT id, organization_id, domain, token, state, added_at, verified_at, checked_at, seen, missing_since, due_at
FROM domain_claim WHERE organization_id = $1 AND domain > $2
ORDER BY domain LIMIT $3
