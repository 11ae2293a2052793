SELECT g.workspace_id, r.organization_id, COUNT(DISTINCT r.account_id)
FROM user_group g
JOIN user_group_member m ON m.user_group_id = g.id
JOIN account a ON a.id = m.account_id
JOIN organization_role r ON r.account_id = m.account_id AND r.role = 'admin'
JOIN organization o ON o.id = r.organization_id
WHERE g.workspace_id > $1 AND g.workspace_id <= $2 AND g.is_admin AND a.is_verified AND NOT a.is_robot AND NOT a.is_suspended
    AND o.deleted_at IS NULL AND o.created_at <= $3
    AND NOT EXISTS (SELECT 1 FROM campaign_organization u WHERE u.organization_id = o.id AND u.claimed_at IS NULL)
GROUP BY g.workspace_id, r.organization_id
