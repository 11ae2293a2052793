SELECT u.workspace_id, w.slug, u.id, u.slug
FROM user_group u JOIN workspace w ON w.id = u.workspace_id
WHERE u.directory_group_id = $1
ORDER BY u.workspace_id, u.slug_folded
