DELETE FROM app_role WHERE site_id = $1 AND NOT EXISTS (
    SELECT 1 FROM site_product p WHERE p.site_id = app_role.site_id AND p.product = app_role.product)
