SELECT id, workspace_id, extension, scopes FROM installed_extension WHERE id = $1
