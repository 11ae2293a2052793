SELECT c.account_id, c.domain_claim_id, d.organization_id, d.domain, c.state, c.announced_at, c.takes_effect_at, c.objected_at, c.reason, c.managed_at
FROM account_claim c JOIN domain_claim d ON d.id = c.domain_claim_id
WHERE c.domain_claim_id = $1 AND c.account_id > $2
ORDER BY c.account_id LIMIT $3
