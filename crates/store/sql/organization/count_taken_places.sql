-- A place is kept for every workspace that the organization has agreed to take, while that waits for others.
SELECT (SELECT COUNT(*) FROM link WHERE organization_id = $1 AND ended_at IS NULL)
    + (SELECT COUNT(DISTINCT p.workspace_id) FROM proposal p
       JOIN proposal_consent c ON c.proposal_id = p.id AND c.side = 'organization'
       WHERE p.organization_id = $1 AND p.workspace_id <> $2 AND p.state = 'open' AND p.expires_at > $3
       AND NOT EXISTS (SELECT 1 FROM link l WHERE l.workspace_id = p.workspace_id AND l.organization_id = $1 AND l.ended_at IS NULL))
