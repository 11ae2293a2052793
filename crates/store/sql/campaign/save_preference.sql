INSERT INTO workspace_preference (workspace_id, organization_id, workspace_yes_by, organization_yes_by, created_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, organization_id) DO UPDATE SET
    workspace_yes_by = COALESCE($3, workspace_preference.workspace_yes_by),
    organization_yes_by = COALESCE($4, workspace_preference.organization_yes_by)
