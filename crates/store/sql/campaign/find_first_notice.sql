SELECT MIN(told_at) FROM campaign_notice WHERE campaign_id = $1 AND workspace_id = $2
