SELECT w.id, w.slug, w.name, w.app, w.kind, w.plan, w.billing_cycle, w.status, w.legal_hold, w.open_transfer, w.version, w.created_at
FROM workspace_label l JOIN workspace w ON w.id = l.workspace_id
WHERE l.label = $7 AND l.workspace_id > $1
  AND ($3 = '' OR w.plan = $3) AND ($4 = '' OR w.kind = $4) AND ($5 = '' OR w.status = $5) AND ($6 = '' OR w.app = $6)
  AND ($8 = '' OR NOT EXISTS (
    SELECT 1 FROM workspace_reason b WHERE b.workspace_id = w.id AND $8 NOT LIKE '% ' || b.code || ' %'))
ORDER BY l.workspace_id
LIMIT $2
