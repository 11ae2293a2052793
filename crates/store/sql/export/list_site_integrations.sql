SELECT i.product, w.slug FROM site_integration i JOIN workspace w ON w.id = i.workspace_id
WHERE i.site_id = $1
ORDER BY i.product, w.slug_folded
