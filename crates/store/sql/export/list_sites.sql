SELECT s.id, s.slug, o.slug FROM site s JOIN organization o ON o.id = s.organization_id
WHERE s.slug_folded > $1
ORDER BY s.slug_folded
LIMIT $2
