DELETE FROM app_role WHERE site_id = $1 AND product = $2 AND account_id = $3 AND role = $4
