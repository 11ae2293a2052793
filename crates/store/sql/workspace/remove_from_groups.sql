DELETE FROM user_group_member WHERE workspace_id = $1 AND account_id = $2
