SELECT organization_id FROM campaign_organization
WHERE claimed_at IS NULL AND claimed_from IS NOT NULL AND claimed_from <= $1
ORDER BY claimed_from LIMIT 100
