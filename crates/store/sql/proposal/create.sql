INSERT INTO proposal (id, act, workspace_id, organization_id, source_id, proposed_by, proposed_from, payer, payer_folded, message, state,
    created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, $12)
ON CONFLICT DO NOTHING
