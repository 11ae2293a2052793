SELECT a.id, a.email, a.name, a.is_verified, a.is_robot, a.is_operator, a.is_suspended, d.organization_id, c.state
FROM account a LEFT JOIN account_claim c ON c.account_id = a.id LEFT JOIN domain_claim d ON d.id = c.domain_claim_id
WHERE substr(a.email_folded, length(rtrim(a.email_folded, replace(a.email_folded, '@', ''))) + 1) = $1 AND a.email_folded > $2 AND a.is_verified
ORDER BY a.email_folded LIMIT $3
