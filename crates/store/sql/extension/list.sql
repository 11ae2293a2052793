SELECT id, extension, version, scopes, installed_at, updated_at, token_created_at, token_used_at
FROM installed_extension WHERE workspace_id = $1 ORDER BY extension
