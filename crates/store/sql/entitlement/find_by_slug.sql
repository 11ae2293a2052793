SELECT w.id, w.slug_folded, w.kind, w.plan, w.billing_cycle, w.created_at, w.kind_since, w.plan_since, w.billing_cycle_since,
    l.organization_id, l.linked_at, s.billing_migrated_at, s.users_migrated_at,
    (SELECT MAX(e.ended_at) FROM link e WHERE e.workspace_id = w.id AND e.ended_at IS NOT NULL)
FROM workspace w LEFT JOIN link l ON l.workspace_id = w.id AND l.ended_at IS NULL LEFT JOIN link_stage s ON s.link_id = l.id
WHERE w.slug_folded = $1
