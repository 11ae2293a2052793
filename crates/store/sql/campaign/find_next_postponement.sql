SELECT MIN(p.until) FROM campaign_postponement p
JOIN campaign_decision d ON d.workspace_id = p.workspace_id AND d.run_id = $1
WHERE p.campaign_id = $2 AND d.state = 'left_alone' AND d.left_alone = 'postponed'
