UPDATE campaign_decision SET workspace_version = $3, rule = $4, organization_id = $5, group_key = $6, evidence = $7,
    left_alone = $8, state = $9, outcome = $10
WHERE run_id = $1 AND workspace_id = $2
