SELECT a.id, a.email, a.name, a.is_verified, a.is_robot, a.is_operator, a.is_suspended
FROM account a
WHERE a.id = $2
  AND (a.id IN (SELECT account_id FROM user_group_member WHERE workspace_id = $1)
    OR a.id IN (SELECT account_id FROM repository_account_grant WHERE workspace_id = $1))
