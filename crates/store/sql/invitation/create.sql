INSERT INTO invitation (id, tenant_id, workspace_id, organization_id, target, email, email_folded, invited_by, invited_through, hands_over, state, created_at, expires_at, sent_at, resends, resends_since)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', $11, $12, $11, 0, $11)
ON CONFLICT DO NOTHING
