SELECT kind, target, email, role FROM (
    SELECT 'organization' AS kind, o.slug AS target, a.email AS email, r.role AS role, o.slug_folded AS folded, a.email_folded AS address
    FROM organization_role r JOIN organization o ON o.id = r.organization_id JOIN account a ON a.id = r.account_id
    WHERE r.role <> 'admin'
    UNION ALL
    SELECT 'site', s.slug, a.email, r.role, s.slug_folded, a.email_folded
    FROM site_role r JOIN site s ON s.id = r.site_id JOIN account a ON a.id = r.account_id
    WHERE r.role <> 'site_admin'
    UNION ALL
    SELECT 'app', s.slug || '/' || r.product, a.email, r.role, s.slug_folded, a.email_folded
    FROM app_role r JOIN site s ON s.id = r.site_id JOIN account a ON a.id = r.account_id) AS held
ORDER BY CASE kind WHEN 'organization' THEN 1 WHEN 'site' THEN 2 ELSE 3 END, folded, target, address, role
