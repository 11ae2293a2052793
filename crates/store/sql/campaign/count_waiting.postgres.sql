SELECT COUNT(*) FROM campaign_decision WHERE run_id = $1 AND state = 'decided'
