SELECT g.id, g.slug, g.name, g.is_admin, g.repository_permission, g.workspace_permissions, g.is_default, m.account_id
FROM user_group g LEFT JOIN user_group_member m ON m.user_group_id = g.id AND g.is_admin
WHERE g.workspace_id = $1
ORDER BY g.slug_folded, m.account_id
