UPDATE campaign_decision SET state = 'decided'
WHERE run_id = $1 AND state = 'left_alone' AND left_alone = 'postponed' AND workspace_id IN (
    SELECT workspace_id FROM campaign_postponement WHERE campaign_id = $2 AND until <= $3)
