SELECT slug, name
FROM workspace
WHERE slug_folded >= $1 AND slug_folded < $2 AND deleted_at IS NULL
ORDER BY slug_folded
LIMIT $3
