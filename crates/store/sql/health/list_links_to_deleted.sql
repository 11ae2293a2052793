SELECT w.slug FROM link l JOIN workspace w ON w.id = l.workspace_id JOIN organization o ON o.id = l.organization_id
WHERE l.ended_at IS NULL AND (w.deleted_at IS NOT NULL OR o.deleted_at IS NOT NULL)
ORDER BY w.slug
LIMIT 20
