SELECT COUNT(*) FROM directory_group WHERE site_id = $1
