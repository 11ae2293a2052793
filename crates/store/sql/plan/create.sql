INSERT INTO link_plan (digest, workspace_id, organization_id, document, summary, workspace_version, created_at, valid_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (digest) DO UPDATE SET
    summary = CASE WHEN link_plan.valid_until < excluded.created_at THEN excluded.summary ELSE link_plan.summary END,
    workspace_version = CASE WHEN link_plan.valid_until < excluded.created_at THEN excluded.workspace_version ELSE link_plan.workspace_version END,
    created_at = CASE WHEN link_plan.valid_until < excluded.created_at THEN excluded.created_at ELSE link_plan.created_at END,
    valid_until = excluded.valid_until
