SELECT d.domain, c.state, COUNT(*)
FROM account_claim c JOIN domain_claim d ON d.id = c.domain_claim_id
WHERE d.organization_id = $1 GROUP BY d.domain, c.state ORDER BY d.domain, c.state
