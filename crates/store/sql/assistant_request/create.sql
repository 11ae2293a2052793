INSERT INTO assistant_request (id, account_id, token_id, act, workspace_id, organization_id, plan_digest, message, state, created_at, expires_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, NULL)
ON CONFLICT DO NOTHING
