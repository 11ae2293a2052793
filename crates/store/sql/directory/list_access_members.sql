SELECT user_group_id, account_id FROM user_group_member WHERE workspace_id = $1
