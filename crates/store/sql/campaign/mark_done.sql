UPDATE campaign_decision SET state = $5
WHERE run_id = $1 AND wave = $2 AND workspace_id >= $3 AND workspace_id <= $4 AND state = 'decided'
