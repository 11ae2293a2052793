DELETE FROM package_tag WHERE workspace_id = $1 AND image = $2 AND tag = $3
