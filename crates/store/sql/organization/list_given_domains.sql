SELECT domain FROM organization_domain WHERE organization_id = $1 ORDER BY domain
