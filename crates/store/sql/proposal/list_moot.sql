SELECT p.id, p.act, p.workspace_id, p.organization_id, p.source_id, p.proposed_by, p.proposed_from, p.payer, p.message, p.state, p.created_at, p.expires_at, p.reminded_at, p.ended_at, p.ended_by, p.reason FROM proposal p
WHERE p.state = 'open' AND p.expires_at > $1 AND (
    (p.act = 'link' AND EXISTS (SELECT 1 FROM link l WHERE l.workspace_id = p.workspace_id AND l.ended_at IS NULL))
    OR (p.act IN ('unlink', 'migrate_users') AND NOT EXISTS (
        SELECT 1 FROM link l WHERE l.workspace_id = p.workspace_id AND l.organization_id = p.organization_id AND l.ended_at IS NULL))
    OR (p.act = 'transfer' AND NOT EXISTS (
        SELECT 1 FROM link l WHERE l.workspace_id = p.workspace_id AND l.organization_id = p.source_id AND l.ended_at IS NULL))
    OR EXISTS (SELECT 1 FROM workspace w WHERE w.id = p.workspace_id AND w.deleted_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM organization o WHERE o.id = p.organization_id AND o.deleted_at IS NOT NULL))
ORDER BY p.id
LIMIT $2
