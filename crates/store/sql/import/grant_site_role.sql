INSERT INTO site_role (site_id, account_id, role) VALUES ($1, $2, $3)
ON CONFLICT (site_id, account_id, role) DO NOTHING
