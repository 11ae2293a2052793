DELETE FROM site WHERE organization_id = $1
