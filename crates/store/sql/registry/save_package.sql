INSERT INTO package (id, workspace_id, image, digest, media_type, size, pushed_at, pushed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT id FROM account WHERE id = $8))
ON CONFLICT (workspace_id, image, digest) DO UPDATE
SET size = COALESCE(excluded.size, package.size), pushed_at = excluded.pushed_at, pushed_by = excluded.pushed_by
RETURNING id
