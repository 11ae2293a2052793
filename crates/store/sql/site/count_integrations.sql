SELECT COUNT(*) FROM site_integration WHERE site_id = $1
