SELECT g.id, g.slug, g.name,
    (SELECT COUNT(*) FROM directory_group_member m WHERE m.directory_group_id = g.id),
    (SELECT COUNT(*) FROM user_group u WHERE u.directory_group_id = g.id)
FROM directory_group g WHERE g.site_id = $1 AND g.slug_folded > $2
ORDER BY g.slug_folded
LIMIT $3
