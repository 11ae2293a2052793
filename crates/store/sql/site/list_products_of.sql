SELECT product FROM site_product WHERE site_id = $1 ORDER BY product
