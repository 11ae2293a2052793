SELECT g.id, g.slug, g.name, g.is_admin, g.repository_permission, g.workspace_permissions, g.is_default
FROM user_group g
WHERE g.workspace_id = $1 AND g.slug_folded = $2
