SELECT id, slug, created_at FROM site WHERE organization_id = $1 AND slug_folded > $2
ORDER BY slug_folded
LIMIT $3
