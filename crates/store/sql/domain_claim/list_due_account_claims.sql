SELECT c.account_id, c.domain_claim_id, d.organization_id, d.domain, c.state, c.announced_at, c.takes_effect_at, c.objected_at, c.reason, c.managed_at
FROM account_claim c JOIN domain_claim d ON d.id = c.domain_claim_id
WHERE c.state = 'announced' AND c.takes_effect_at <= $1 AND d.state = 'verified' AND d.missing_since IS NULL
ORDER BY c.takes_effect_at, c.account_id LIMIT $2
