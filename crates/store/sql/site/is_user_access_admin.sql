SELECT COUNT(*) FROM site_role WHERE site_id = $1 AND account_id = $2 AND role = 'user_access_admin'
