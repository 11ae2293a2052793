INSERT INTO user_group_member (user_group_id, account_id, workspace_id)
SELECT u.id, m.account_id, u.workspace_id
FROM user_group u JOIN directory_group_member m ON m.directory_group_id = u.directory_group_id
WHERE u.directory_group_id = $1
ON CONFLICT (user_group_id, account_id) DO NOTHING
