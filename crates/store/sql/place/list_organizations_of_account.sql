SELECT o.slug, o.name
FROM (
    SELECT organization_id FROM organization_role WHERE account_id = $1
    UNION SELECT s.organization_id FROM site_role r JOIN site s ON s.id = r.site_id WHERE r.account_id = $1
    UNION SELECT s.organization_id FROM app_role r JOIN site s ON s.id = r.site_id WHERE r.account_id = $1) mine
JOIN organization o ON o.id = mine.organization_id
WHERE o.deleted_at IS NULL
ORDER BY o.slug_folded
LIMIT $2
