SELECT name, is_on, turned_at FROM organization_switch WHERE organization_id = $1 ORDER BY name
