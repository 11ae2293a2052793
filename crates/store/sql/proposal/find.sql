SELECT id, workspace_id, organization_id, proposed_by, proposed_from, payer, message, state, created_at, expires_at, reminded_at, ended_at, ended_by, reason FROM proposal WHERE id = $1
