SELECT s.slug, (SELECT COUNT(*) FROM directory_group g WHERE g.site_id = s.id)
FROM site s WHERE s.organization_id = $1
ORDER BY s.slug_folded
