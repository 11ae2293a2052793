SELECT slug_folded FROM workspace WHERE slug_folded > $1
ORDER BY slug_folded
LIMIT $2
