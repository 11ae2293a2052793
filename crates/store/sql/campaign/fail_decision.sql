UPDATE campaign_decision SET state = 'failed', outcome = $3 WHERE run_id = $1 AND workspace_id = $2 AND state = 'decided'
