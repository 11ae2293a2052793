INSERT INTO campaign_telling (campaign_id, step, after_workspace_id, workspaces, messages, began_at)
VALUES ($1, $2, $3, 0, 0, $4)
ON CONFLICT DO NOTHING
