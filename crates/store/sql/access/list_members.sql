SELECT g.slug_folded, a.email_folded
FROM user_group g JOIN user_group_member m ON m.user_group_id = g.id JOIN account a ON a.id = m.account_id
WHERE g.workspace_id = $1
ORDER BY g.slug_folded, a.email_folded
