SELECT id, workspace_id, extension, scopes FROM installed_extension WHERE secret_hash = $1
