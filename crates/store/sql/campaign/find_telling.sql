SELECT after_workspace_id, workspaces, messages, began_at, ended_at FROM campaign_telling WHERE campaign_id = $1 AND step = $2
