SELECT id, organization_id, workspace_id, account_id, way, domain, proposed_by, approved_by, reason, state, created_at, expires_at, applies_at, ended_at, ended_by, objection
FROM recovery
WHERE (CAST($1 AS BOOLEAN) OR account_id = $2) AND id < $3
ORDER BY id DESC
LIMIT $4
