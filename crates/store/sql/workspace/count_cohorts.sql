SELECT w.kind, w.plan, COUNT(*),
    COUNT(CASE WHEN EXISTS (
        SELECT 1 FROM workspace_reason r WHERE r.workspace_id = w.id AND r.code = 'already_linked') THEN 1 END),
    COUNT(CASE WHEN EXISTS (
        SELECT 1 FROM workspace_reason r WHERE r.workspace_id = w.id AND $1 NOT LIKE '% ' || r.code || ' %') THEN 1 END)
FROM workspace w
WHERE w.deleted_at IS NULL
GROUP BY w.kind, w.plan
ORDER BY w.kind, w.plan
