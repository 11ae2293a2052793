SELECT id, workspace_id, organization_id, linked_at, linked_by, linked_through, plan_digest, access_digest,
    access_version, access_check, consent, undo_window_seconds, acknowledged, ended_at, run_id, transferable
FROM link WHERE workspace_id = $1 AND ended_at IS NULL
