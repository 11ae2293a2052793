SELECT COUNT(*) FROM directory_group_member WHERE directory_group_id = $1 AND account_id = $2
