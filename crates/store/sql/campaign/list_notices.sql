SELECT workspace_id, MIN(told_at) FROM campaign_notice
WHERE campaign_id = $3 AND workspace_id > $1 AND workspace_id <= $2
GROUP BY workspace_id
