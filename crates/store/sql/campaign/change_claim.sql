UPDATE campaign_organization SET claimed_by = $2, claimed_from = $3, claimed_at = $4 WHERE organization_id = $1 AND claimed_at IS NULL
