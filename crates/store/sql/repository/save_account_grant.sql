INSERT INTO repository_account_grant (repository_id, account_id, workspace_id, permission) VALUES ($1, $2, $3, $4)
ON CONFLICT (repository_id, account_id) DO UPDATE SET permission = excluded.permission
