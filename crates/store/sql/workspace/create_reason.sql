INSERT INTO workspace_reason (workspace_id, code, since) VALUES ($1, $2, $3)
ON CONFLICT (workspace_id, code) DO NOTHING
