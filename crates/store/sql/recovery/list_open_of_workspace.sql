SELECT id, organization_id, workspace_id, account_id, way, domain, proposed_by, approved_by, reason, state, created_at, expires_at, applies_at, ended_at, ended_by, objection
FROM recovery
WHERE workspace_id = $1 AND state IN ('requested', 'waiting')
ORDER BY id
