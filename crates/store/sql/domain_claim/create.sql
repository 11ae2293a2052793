INSERT INTO domain_claim (id, organization_id, domain, token, state, added_at, verified_at, checked_at, seen, missing_since, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (organization_id, domain) DO NOTHING
