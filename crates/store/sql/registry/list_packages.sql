SELECT p.id, p.image, p.digest, p.media_type, p.size, p.pushed_at, a.id, a.email, a.name
FROM package p LEFT JOIN account a ON a.id = p.pushed_by
WHERE p.workspace_id = $1 AND p.id < $2 AND p.image LIKE $4 ESCAPE '\'
ORDER BY p.id DESC
LIMIT $3
