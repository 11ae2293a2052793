DELETE FROM directory_group_member WHERE account_id = $1
