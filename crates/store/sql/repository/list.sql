SELECT r.id, r.slug, r.name, r.project FROM repository r
WHERE r.workspace_id = $1 AND r.slug_folded > $2 AND r.slug_folded LIKE $4 ESCAPE '\'
ORDER BY r.slug_folded
LIMIT $3
