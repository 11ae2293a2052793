INSERT INTO user_group_member (user_group_id, account_id, workspace_id) VALUES ($1, $2, $3)
ON CONFLICT (user_group_id, account_id) DO NOTHING
