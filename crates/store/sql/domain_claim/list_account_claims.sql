SELECT c.account_id, c.domain_claim_id, d.organization_id, d.domain, c.state, c.announced_at, c.takes_effect_at, c.objected_at, c.reason, c.managed_at,
    a.email, a.name, a.is_verified, a.is_robot, a.is_operator, a.is_suspended
FROM account_claim c JOIN domain_claim d ON d.id = c.domain_claim_id JOIN account a ON a.id = c.account_id
WHERE d.organization_id = $1 AND (CAST($2 AS TEXT) IS NULL OR c.state = $2) AND a.email_folded > $3 AND a.email_folded LIKE $4 ESCAPE '\'
ORDER BY a.email_folded LIMIT $5
