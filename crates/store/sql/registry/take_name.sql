INSERT INTO registry_name (name, workspace_id, taken_at) VALUES ($1, $2, $3)
ON CONFLICT (name) DO NOTHING
