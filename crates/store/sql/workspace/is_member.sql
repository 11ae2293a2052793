SELECT CAST(
    (SELECT COUNT(*) FROM user_group_member WHERE account_id = $2 AND workspace_id = $1)
  + (SELECT COUNT(*) FROM repository_account_grant WHERE account_id = $2 AND workspace_id = $1)
  AS BIGINT)
