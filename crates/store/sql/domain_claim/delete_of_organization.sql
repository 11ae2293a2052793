DELETE FROM domain_claim WHERE organization_id = $1
