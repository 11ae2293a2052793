UPDATE campaign_decision SET rule = 'shared_admins'
WHERE run_id = $1 AND group_key > $2 AND group_key <= $3 AND group_key IN (
    SELECT group_key FROM campaign_decision
    WHERE run_id = $1 AND group_key > $2 AND group_key <= $3
    GROUP BY group_key HAVING COUNT(*) > 1)
