-- The list of states is that of the index.
SELECT COUNT(*) FROM campaign_decision
WHERE run_id = $1 AND state = 'failed' AND state IN ('skipped', 'failed', 'undone')
