DELETE FROM site_product WHERE site_id = $1 AND product = $2
