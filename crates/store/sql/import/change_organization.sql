UPDATE organization SET name = $2, user_management = $3, link_quota = $4, identity_provider = $5, version = version + 1
WHERE id = $1
