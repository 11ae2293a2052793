DELETE FROM directory_group WHERE organization_id = $1
