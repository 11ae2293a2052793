INSERT INTO workspace_access_digest (workspace_id, version, digest) VALUES ($1, $2, $3)
ON CONFLICT (workspace_id) DO UPDATE SET version = excluded.version, digest = excluded.digest
