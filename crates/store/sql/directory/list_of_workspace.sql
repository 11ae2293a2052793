SELECT u.id, d.id, d.slug, d.name, o.slug
FROM user_group u JOIN directory_group d ON d.id = u.directory_group_id JOIN organization o ON o.id = d.organization_id
WHERE u.workspace_id = $1
