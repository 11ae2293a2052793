SELECT COUNT(*) FROM user_group_member m JOIN user_group g ON g.id = m.user_group_id
WHERE m.account_id = $2 AND m.workspace_id = $1 AND g.is_admin
