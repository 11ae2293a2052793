DELETE FROM campaign_group WHERE run_id = $1
