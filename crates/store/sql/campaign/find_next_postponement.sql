-- SQLite joins in the order of a CROSS JOIN: few have more time, many decisions there are.
SELECT MIN(p.until) FROM campaign_postponement p CROSS JOIN campaign_decision d
WHERE p.campaign_id = $2 AND d.workspace_id = p.workspace_id AND d.run_id = $1
    AND d.state = 'left_alone' AND d.left_alone = 'postponed'
