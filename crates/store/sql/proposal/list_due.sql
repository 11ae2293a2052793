SELECT id, act, workspace_id, organization_id, source_id, proposed_by, proposed_from, payer, message, state, created_at, expires_at, reminded_at, ended_at, ended_by, reason FROM proposal
WHERE state = 'open' AND expires_at <= $1
ORDER BY expires_at
LIMIT $2
