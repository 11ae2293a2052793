SELECT s.slug, g.id, g.slug, g.name
FROM directory_group g JOIN site s ON s.id = g.site_id
WHERE g.organization_id = $1
ORDER BY s.slug_folded, g.slug_folded
