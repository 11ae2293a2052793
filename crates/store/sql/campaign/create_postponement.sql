INSERT INTO campaign_postponement (campaign_id, workspace_id, until, reason, asked_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (campaign_id, workspace_id) DO UPDATE SET until = $3, reason = $4, asked_by = $5, created_at = $6
