INSERT INTO package (id, workspace_id, image, digest, media_type, size, pushed_at, pushed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT id FROM account WHERE id = $8))
ON CONFLICT (workspace_id, image, digest) DO UPDATE
SET size = COALESCE(excluded.size, package.size),
    pushed_by = CASE WHEN excluded.pushed_at >= package.pushed_at THEN excluded.pushed_by ELSE package.pushed_by END,
    pushed_at = CASE WHEN excluded.pushed_at >= package.pushed_at THEN excluded.pushed_at ELSE package.pushed_at END
RETURNING id
