SELECT m.account_id, m.user_group_id FROM user_group_member m
JOIN account a ON a.id = m.account_id
WHERE m.workspace_id = $1 AND a.email_folded >= $2 AND a.email_folded <= $3
