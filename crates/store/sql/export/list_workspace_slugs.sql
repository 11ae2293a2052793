SELECT slug_folded FROM workspace WHERE slug_folded > $1 AND deleted_at IS NULL
ORDER BY slug_folded
LIMIT $2
