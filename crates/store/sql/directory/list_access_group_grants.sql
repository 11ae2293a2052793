SELECT x.user_group_id, x.repository_id, x.permission
FROM repository r JOIN repository_group_grant x ON x.repository_id = r.id
WHERE r.workspace_id = $1
