SELECT w.id, w.slug, w.name, w.plan, w.version, w.external_created_at, w.created_at
FROM workspace w
WHERE w.id > $1 AND w.deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM workspace_reason r WHERE r.workspace_id = w.id AND r.code = 'already_linked')
ORDER BY w.id
LIMIT $2
