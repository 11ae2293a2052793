SELECT a.id, a.email, a.name, a.is_verified, a.is_robot, a.is_operator, a.is_suspended
FROM user_group_member m JOIN account a ON a.id = m.account_id
WHERE m.user_group_id = $1 AND m.workspace_id = $2 AND a.email_folded > $3
ORDER BY a.email_folded
LIMIT $4
