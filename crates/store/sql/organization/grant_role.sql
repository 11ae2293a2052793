INSERT INTO organization_role (organization_id, account_id, role) VALUES ($1, $2, $3)
ON CONFLICT (organization_id, account_id, role) DO NOTHING
