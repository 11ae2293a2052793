SELECT domain FROM organization_domain WHERE organization_id = $1
UNION
SELECT domain FROM domain_claim WHERE organization_id = $1 AND state = 'verified'
ORDER BY domain
