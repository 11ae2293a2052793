INSERT INTO webhook (id, workspace_id, organization_id, installed_extension_id, url, description, types, secret, state, created_at, position, is_behind, failures, lease)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9, $10, FALSE, 0, 0)
