SELECT step, workspaces, messages, began_at, ended_at FROM campaign_telling WHERE campaign_id = $1 ORDER BY began_at
