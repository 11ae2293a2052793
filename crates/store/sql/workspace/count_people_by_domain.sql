SELECT CAST(COALESCE(SUM(CASE WHEN a.email_folded LIKE $2 ESCAPE '\' THEN 1 ELSE 0 END), 0) AS BIGINT),
       CAST(COALESCE(SUM(CASE WHEN a.email_folded LIKE $2 ESCAPE '\' THEN 0 ELSE 1 END), 0) AS BIGINT)
FROM account a
WHERE NOT a.is_robot
  AND a.id IN (SELECT account_id FROM user_group_member WHERE workspace_id = $1
               UNION SELECT account_id FROM repository_account_grant WHERE workspace_id = $1)
