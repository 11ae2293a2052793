SELECT p.workspace_id, p.organization_id, o.slug, o.name, p.workspace_yes_by, p.organization_yes_by, w.slug, w.name, p.created_at
FROM workspace_preference p JOIN organization o ON o.id = p.organization_id JOIN workspace w ON w.id = p.workspace_id
WHERE p.organization_id = $1 AND w.deleted_at IS NULL
ORDER BY w.slug_folded
LIMIT 500
