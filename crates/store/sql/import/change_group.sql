UPDATE user_group SET name = $3, is_admin = $4, repository_permission = $5, workspace_permissions = $6, is_default = $7
WHERE id = $1 AND workspace_id = $2
