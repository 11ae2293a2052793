UPDATE campaign_decision SET state = 'skipped', workspace_version = $3, outcome = $4 WHERE run_id = $1 AND workspace_id = $2
