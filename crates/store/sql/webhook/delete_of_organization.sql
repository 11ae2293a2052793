DELETE FROM webhook WHERE organization_id = $1
