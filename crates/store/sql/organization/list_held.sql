SELECT r.account_id, r.role, '' AS site, '' AS product
FROM organization_role r JOIN account a ON a.id = r.account_id
WHERE r.organization_id = $1 AND a.email_folded >= $2 AND a.email_folded <= $3
UNION ALL
SELECT r.account_id, r.role, s.slug, ''
FROM site s JOIN site_role r ON r.site_id = s.id JOIN account a ON a.id = r.account_id
WHERE s.organization_id = $1 AND a.email_folded >= $2 AND a.email_folded <= $3
UNION ALL
SELECT r.account_id, r.role, s.slug, r.product
FROM site s JOIN app_role r ON r.site_id = s.id JOIN account a ON a.id = r.account_id
WHERE s.organization_id = $1 AND a.email_folded >= $2 AND a.email_folded <= $3
ORDER BY 3, 4, 2
