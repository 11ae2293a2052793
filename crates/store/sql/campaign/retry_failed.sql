UPDATE campaign_decision SET state = 'decided', outcome = NULL WHERE run_id = $1 AND state = 'failed'
