UPDATE campaign_telling SET after_workspace_id = $4, workspaces = workspaces + $5, messages = messages + $6, ended_at = $7
WHERE campaign_id = $1 AND step = $2 AND after_workspace_id = $3 AND ended_at IS NULL
