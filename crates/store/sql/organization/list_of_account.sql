SELECT o.id, o.slug, o.name, o.user_management, o.link_quota, o.identity_provider, o.version, o.created_at
FROM organization o
WHERE o.slug_folded > $2 AND o.deleted_at IS NULL
  AND (CAST($4 AS BOOLEAN) OR o.id IN (
    SELECT organization_id FROM organization_role WHERE account_id = $1
    UNION SELECT s.organization_id FROM site_role r JOIN site s ON s.id = r.site_id WHERE r.account_id = $1
    UNION SELECT s.organization_id FROM app_role r JOIN site s ON s.id = r.site_id WHERE r.account_id = $1))
ORDER BY o.slug_folded
LIMIT $3
