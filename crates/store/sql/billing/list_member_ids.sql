SELECT account_id FROM user_group_member WHERE workspace_id = $1
UNION SELECT account_id FROM repository_account_grant WHERE workspace_id = $1
