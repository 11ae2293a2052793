SELECT a.id, a.email, a.name, a.is_verified, a.is_robot, a.is_operator, a.is_suspended
FROM directory_group_member m JOIN account a ON a.id = m.account_id
WHERE m.directory_group_id = $1 AND a.email_folded > $2
ORDER BY a.email_folded
LIMIT $3
