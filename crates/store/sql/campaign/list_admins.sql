SELECT DISTINCT g.workspace_id, m.account_id
FROM user_group g
JOIN user_group_member m ON m.user_group_id = g.id
JOIN account a ON a.id = m.account_id
WHERE g.workspace_id > $1 AND g.workspace_id <= $2 AND g.is_admin AND a.is_verified AND NOT a.is_robot AND NOT a.is_suspended
