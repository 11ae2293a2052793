INSERT INTO link (id, workspace_id, organization_id, linked_at, linked_by, linked_through, plan_digest, access_digest,
    access_version, access_check, consent, undo_window_seconds, acknowledged, run_id, transferable, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', $10, $11, $12, $13, $14, NULL)
ON CONFLICT DO NOTHING
