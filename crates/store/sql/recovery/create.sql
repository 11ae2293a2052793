INSERT INTO recovery (
    id, organization_id, workspace_id, account_id, way, domain, proposed_by, approved_by, reason, state, created_at, expires_at, applies_at, ended_at, ended_by, objection
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT DO NOTHING
