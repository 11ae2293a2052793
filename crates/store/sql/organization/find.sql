SELECT id, slug, name, user_management, link_quota, identity_provider, version, created_at
FROM organization WHERE id = $1 AND deleted_at IS NULL
