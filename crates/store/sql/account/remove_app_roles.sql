DELETE FROM app_role WHERE site_id IN (SELECT id FROM site WHERE organization_id = $1) AND account_id = $2
