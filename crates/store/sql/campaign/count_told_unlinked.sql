SELECT COUNT(DISTINCT w.id), MIN(w.slug)
FROM user_group_member m
JOIN user_group g ON g.id = m.user_group_id AND g.is_admin
JOIN workspace w ON w.id = g.workspace_id AND w.deleted_at IS NULL
WHERE m.account_id = $2
    AND EXISTS (SELECT 1 FROM campaign_notice n WHERE n.campaign_id = $1 AND n.workspace_id = w.id)
    AND NOT EXISTS (SELECT 1 FROM link l WHERE l.workspace_id = w.id AND l.ended_at IS NULL)
