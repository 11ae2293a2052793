INSERT INTO site_product (site_id, product) VALUES ($1, $2)
ON CONFLICT (site_id, product) DO NOTHING
