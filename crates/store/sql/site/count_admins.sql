SELECT COUNT(*) FROM site_role WHERE site_id = $1 AND role = 'site_admin'
