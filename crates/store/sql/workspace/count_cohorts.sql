SELECT w.kind, w.plan, COUNT(*), COALESCE(SUM(r.linked), 0), COUNT(r.blocked)
FROM workspace w
LEFT JOIN (
    SELECT workspace_id, MAX(CASE WHEN code = 'already_linked' THEN 1 ELSE 0 END) AS linked,
        MAX(CASE WHEN $1 NOT LIKE '% ' || code || ' %' THEN 1 END) AS blocked
    FROM workspace_reason GROUP BY workspace_id
) r ON r.workspace_id = w.id
WHERE w.deleted_at IS NULL
GROUP BY w.kind, w.plan
ORDER BY w.kind, w.plan
