SELECT w.id, w.slug, w.name, w.app, w.kind, w.plan, w.billing_cycle, w.status, w.legal_hold, w.open_transfer, w.version, w.created_at,
    l.linked_at, COALESCE(a.name, 'the campaign ' || c.name)
FROM link l JOIN workspace w ON w.id = l.workspace_id 
LEFT JOIN account a ON a.id = l.linked_by
LEFT JOIN campaign_run r ON r.id = l.run_id LEFT JOIN campaign c ON c.id = r.campaign_id
WHERE l.organization_id = $1 AND l.ended_at IS NULL AND w.slug_folded > $2
ORDER BY w.slug_folded
LIMIT $3
