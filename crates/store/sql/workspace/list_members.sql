SELECT a.id, a.email, a.name, a.is_verified, a.is_robot, a.is_operator, a.is_suspended
FROM account a
WHERE a.email_folded > $2 AND a.email_folded LIKE $4 ESCAPE '\'
  AND a.id IN (SELECT account_id FROM user_group_member WHERE workspace_id = $1
               UNION SELECT account_id FROM repository_account_grant WHERE workspace_id = $1)
ORDER BY a.email_folded
LIMIT $3
