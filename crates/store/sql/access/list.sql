SELECT 'member', g.slug_folded, a.email_folded, ''
FROM user_group g JOIN user_group_member m ON m.user_group_id = g.id JOIN account a ON a.id = m.account_id
WHERE g.workspace_id = $1
UNION ALL
SELECT 'repository', slug_folded, '', '' FROM repository WHERE workspace_id = $1
UNION ALL
SELECT 'group_grant', r.slug_folded, g.slug_folded, x.permission
FROM repository r JOIN repository_group_grant x ON x.repository_id = r.id JOIN user_group g ON g.id = x.user_group_id
WHERE r.workspace_id = $1
UNION ALL
SELECT 'account_grant', r.slug_folded, a.email_folded, x.permission
FROM repository r JOIN repository_account_grant x ON x.repository_id = r.id JOIN account a ON a.id = x.account_id
WHERE r.workspace_id = $1
ORDER BY 2, 3
