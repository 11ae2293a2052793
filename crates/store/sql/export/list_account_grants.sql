SELECT r.slug_folded, a.email, x.permission
FROM repository r JOIN repository_account_grant x ON x.repository_id = r.id JOIN account a ON a.id = x.account_id
WHERE r.workspace_id = $1
ORDER BY r.slug_folded, a.email_folded
