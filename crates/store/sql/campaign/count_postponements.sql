SELECT COUNT(*) FROM campaign_postponement WHERE campaign_id = $1 AND workspace_id <> $2
