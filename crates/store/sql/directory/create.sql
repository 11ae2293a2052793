INSERT INTO directory_group (id, organization_id, site_id, slug, slug_folded, name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
