UPDATE campaign_run SET tolerated_failures = (
    SELECT COUNT(*) FROM campaign_decision WHERE run_id = $1 AND state = 'failed')
WHERE id = $1
