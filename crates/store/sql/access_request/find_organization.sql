SELECT o.id, (SELECT COUNT(*) FROM organization_role r WHERE r.organization_id = o.id AND r.account_id = $2 AND r.role = 'admin') AS admin
FROM organization o
WHERE o.slug_folded = $1 AND o.deleted_at IS NULL
