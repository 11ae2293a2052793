DELETE FROM campaign_decision WHERE run_id = $1 AND workspace_id IN (
    SELECT workspace_id FROM campaign_decision WHERE run_id = $1 LIMIT $2)
