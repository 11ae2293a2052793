INSERT INTO site (id, organization_id, slug, slug_folded, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (slug_folded) DO NOTHING
