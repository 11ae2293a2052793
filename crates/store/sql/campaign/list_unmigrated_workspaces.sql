SELECT w.id, w.slug, w.name, w.plan, w.version, w.external_created_at, w.created_at
FROM workspace w
JOIN link l ON l.workspace_id = w.id AND l.ended_at IS NULL
WHERE w.id > $1 AND w.deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM link_stage s WHERE s.link_id = l.id AND s.users_migrated_at IS NOT NULL)
ORDER BY w.id
LIMIT $2
