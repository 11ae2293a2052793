SELECT w.access_salt, d.digest
FROM workspace w LEFT JOIN workspace_access_digest d ON d.workspace_id = w.id AND d.version = w.version
WHERE w.id = $1
