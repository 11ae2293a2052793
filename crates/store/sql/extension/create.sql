INSERT INTO installed_extension (id, workspace_id, extension, version, scopes, installed_at, updated_at, secret_hash, token_created_at, token_used_at)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $6, NULL)
