SELECT w.id, (SELECT COUNT(*) FROM user_group_member m JOIN user_group g ON g.id = m.user_group_id WHERE m.workspace_id = w.id AND m.account_id = $2 AND g.is_admin) AS admin
FROM workspace w
WHERE w.slug_folded = $1 AND w.deleted_at IS NULL
