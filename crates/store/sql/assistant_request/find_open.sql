SELECT r.id, r.account_id, r.token_id, r.act, r.workspace_id, r.organization_id, r.plan_digest, r.message, r.state, r.created_at, r.expires_at, r.ended_at, t.name, t.revoked_at IS NULL
FROM assistant_request r JOIN token t ON t.id = r.token_id
WHERE r.account_id = $1 AND r.act = $2 AND r.plan_digest = $3 AND r.state = 'open'
