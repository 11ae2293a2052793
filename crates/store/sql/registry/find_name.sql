SELECT workspace_id FROM registry_name WHERE name = $1
