INSERT INTO repository_group_grant (repository_id, user_group_id, permission) VALUES ($1, $2, $3)
ON CONFLICT (repository_id, user_group_id) DO UPDATE SET permission = excluded.permission
