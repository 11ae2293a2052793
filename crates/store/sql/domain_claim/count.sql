SELECT COUNT(*) FROM domain_claim WHERE organization_id = $1
