DELETE FROM user_group_member WHERE user_group_id IN (SELECT id FROM user_group WHERE directory_group_id = $1)
  AND account_id NOT IN (SELECT account_id FROM directory_group_member WHERE directory_group_id = $1)
