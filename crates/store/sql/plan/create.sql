INSERT INTO link_plan (digest, workspace_id, organization_id, document, summary, workspace_version, created_at, valid_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (digest) DO UPDATE SET summary = excluded.summary, workspace_version = excluded.workspace_version,
    created_at = excluded.created_at, valid_until = excluded.valid_until
