DELETE FROM user_group_member WHERE user_group_id = $1 AND account_id = $2
