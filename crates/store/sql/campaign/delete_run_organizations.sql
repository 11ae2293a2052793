DELETE FROM campaign_run_organization WHERE run_id = $1
