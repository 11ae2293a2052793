SELECT digest, workspace_id, organization_id, document, summary, workspace_version, created_at, valid_until
FROM link_plan WHERE digest = $1
