SELECT m.run_id, m.claimed_by, m.claimed_from, m.claimed_at, r.campaign_id
FROM campaign_organization m JOIN campaign_run r ON r.id = m.run_id
WHERE m.organization_id = $1
