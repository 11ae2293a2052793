INSERT INTO app_role (site_id, product, account_id, role) VALUES ($1, $2, $3, $4)
ON CONFLICT (site_id, product, account_id, role) DO NOTHING
