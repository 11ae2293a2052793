INSERT INTO campaign_run_organization (run_id, organization_id, version) VALUES ($1, $2, $3)
ON CONFLICT (run_id, organization_id) DO UPDATE SET version = $3
