SELECT workspace_id, until FROM campaign_postponement
WHERE campaign_id = $3 AND workspace_id > $1 AND workspace_id <= $2
