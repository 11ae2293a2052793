SELECT id, act, workspace_id, organization_id, source_id, proposed_by, proposed_from, payer, message, state, created_at, expires_at, reminded_at, ended_at, ended_by, reason FROM proposal
WHERE workspace_id = $1 AND id < $2 AND ($4 = '' OR state = $4)
ORDER BY id DESC
LIMIT $3
