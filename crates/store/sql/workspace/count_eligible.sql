SELECT COUNT(*) FROM workspace w
WHERE w.deleted_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM workspace_reason b WHERE b.workspace_id = w.id AND $1 NOT LIKE '% ' || b.code || ' %')
