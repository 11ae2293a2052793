SELECT r.slug_folded, g.slug_folded, x.permission
FROM repository r JOIN repository_group_grant x ON x.repository_id = r.id JOIN user_group g ON g.id = x.user_group_id
WHERE r.workspace_id = $1
ORDER BY r.slug_folded, g.slug_folded
