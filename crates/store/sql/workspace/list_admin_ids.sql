SELECT DISTINCT m.account_id FROM user_group g JOIN user_group_member m ON m.user_group_id = g.id
WHERE g.workspace_id = $1 AND g.is_admin
ORDER BY m.account_id
