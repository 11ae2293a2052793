INSERT INTO access_request (id, asked_by, kind, named, named_folded, tenant_id, message, return_to, state, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10)
ON CONFLICT DO NOTHING
