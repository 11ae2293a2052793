SELECT user_group_id, COUNT(*) FROM user_group_member WHERE workspace_id = $1 GROUP BY user_group_id
