SELECT (
    SELECT COUNT(*) FROM campaign_decision
    WHERE run_id = $1 AND state = 'failed' AND state IN ('skipped', 'failed', 'undone')
) - tolerated_failures
FROM campaign_run WHERE id = $1
