DELETE FROM site_integration WHERE site_id = $1 AND product = $2
