SELECT organization_id FROM domain_claim WHERE domain = $1 AND state = 'verified'
