SELECT id, workspace_id, COALESCE(installed_extension_id, organization_id), url, description, types, secret, previous_secret, previous_until, state, created_at, position, is_behind, failures, failing_since, lease FROM webhook
WHERE organization_id = $1 AND id > $2
ORDER BY id
LIMIT $3
