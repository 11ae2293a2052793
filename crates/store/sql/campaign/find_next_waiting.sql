SELECT workspace_id FROM campaign_decision INDEXED BY campaign_decision_waiting
WHERE run_id = $1 AND wave = $2 AND state = 'decided' ORDER BY workspace_id LIMIT 1
