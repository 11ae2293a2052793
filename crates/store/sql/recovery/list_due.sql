SELECT id, organization_id, workspace_id, account_id, way, domain, proposed_by, approved_by, reason, state, created_at, expires_at, applies_at, ended_at, ended_by, objection
FROM recovery
WHERE (state = 'waiting' AND applies_at <= $1) OR (state = 'requested' AND expires_at <= $1)
ORDER BY id
LIMIT $2
