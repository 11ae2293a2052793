DELETE FROM organization_domain WHERE organization_id = $1
