SELECT u.slug, d.slug, o.slug
FROM user_group u JOIN directory_group d ON d.id = u.directory_group_id JOIN organization o ON o.id = d.organization_id
WHERE u.workspace_id = $1 AND (
    EXISTS (SELECT 1 FROM user_group_member m WHERE m.user_group_id = u.id
        AND NOT EXISTS (SELECT 1 FROM directory_group_member x WHERE x.directory_group_id = d.id AND x.account_id = m.account_id))
    OR EXISTS (SELECT 1 FROM directory_group_member x WHERE x.directory_group_id = d.id
        AND NOT EXISTS (SELECT 1 FROM user_group_member m WHERE m.user_group_id = u.id AND m.account_id = x.account_id)))
ORDER BY u.slug_folded
LIMIT 1
