SELECT p.workspace_id, p.organization_id
FROM workspace_preference p
JOIN organization o ON o.id = p.organization_id AND o.deleted_at IS NULL
JOIN account a ON a.id = p.workspace_yes_by AND a.is_verified AND NOT a.is_suspended
JOIN account b ON b.id = p.organization_yes_by AND b.is_verified AND NOT b.is_suspended
WHERE p.workspace_id > $1 AND p.workspace_id <= $2
    AND EXISTS (
        SELECT 1 FROM user_group g JOIN user_group_member m ON m.user_group_id = g.id
        WHERE g.workspace_id = p.workspace_id AND g.is_admin AND m.account_id = p.workspace_yes_by)
    AND EXISTS (
        SELECT 1 FROM organization_role r
        WHERE r.organization_id = p.organization_id AND r.account_id = p.organization_yes_by AND r.role = 'admin')
    AND NOT EXISTS (
        SELECT 1 FROM campaign_organization u WHERE u.organization_id = p.organization_id AND u.claimed_at IS NULL)
