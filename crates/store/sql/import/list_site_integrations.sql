SELECT product, workspace_id FROM site_integration WHERE site_id = $1 ORDER BY product, workspace_id
