DELETE FROM installed_extension WHERE workspace_id = $1
