SELECT p.id, p.act, p.workspace_id, p.organization_id, p.source_id, p.proposed_by, p.proposed_from, p.payer, p.message, p.state, p.created_at, p.expires_at, p.reminded_at, p.ended_at, p.ended_by, p.reason FROM proposal p
WHERE p.id < $2 AND ($4 = '' OR p.state = $4) AND p.id IN (
    SELECT x.id FROM proposal x WHERE x.workspace_id IN (
        SELECT g.workspace_id FROM user_group_member m JOIN user_group g ON g.id = m.user_group_id WHERE m.account_id = $1 AND g.is_admin)
    UNION
    SELECT x.id FROM proposal x WHERE x.organization_id IN (
        SELECT r.organization_id FROM organization_role r WHERE r.account_id = $1 AND r.role = 'admin')
    UNION
    SELECT x.id FROM proposal x WHERE x.source_id IN (
        SELECT r.organization_id FROM organization_role r WHERE r.account_id = $1 AND r.role = 'admin')
    UNION
    SELECT x.id FROM proposal x JOIN account a ON a.email_folded = x.payer_folded WHERE a.id = $1 AND a.is_verified)
ORDER BY p.id DESC
LIMIT $3
