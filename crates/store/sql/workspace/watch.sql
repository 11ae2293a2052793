INSERT INTO workspace_watch (workspace_id, account_id, created_at) VALUES ($1, $2, $3)
ON CONFLICT (workspace_id, account_id) DO NOTHING
