INSERT INTO organization (id, slug, slug_folded, name, user_management, link_quota, identity_provider, version, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)
ON CONFLICT (slug_folded) DO NOTHING
