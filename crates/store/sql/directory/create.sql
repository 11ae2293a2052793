INSERT INTO directory_group (id, organization_id, slug, slug_folded, name, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organization_id, slug_folded) DO NOTHING
