DELETE FROM organization_role WHERE organization_id = $1
