SELECT o.id, o.slug, o.name, o.user_management, o.link_quota, o.identity_provider, o.version, o.created_at
FROM organization_role r JOIN organization o ON o.id = r.organization_id
WHERE r.account_id = $1 AND r.role = 'admin'
ORDER BY o.slug_folded
LIMIT 500
