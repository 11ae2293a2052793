SELECT DISTINCT s.organization_id, p.product
FROM organization_role r JOIN site s ON s.organization_id = r.organization_id JOIN site_product p ON p.site_id = s.id
WHERE r.account_id = $1 AND r.role = 'admin'
