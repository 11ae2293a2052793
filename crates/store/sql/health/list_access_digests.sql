SELECT d.workspace_id, w.slug, d.digest
FROM workspace_access_digest d JOIN workspace w ON w.id = d.workspace_id AND w.version = d.version
WHERE d.workspace_id > $1 AND w.deleted_at IS NULL
ORDER BY d.workspace_id
LIMIT 200
