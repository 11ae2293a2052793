SELECT w.id, w.slug, w.name, w.plan, w.billing_cycle, s.charged_until, l.id
FROM link_stage s JOIN link l ON l.id = s.link_id AND l.ended_at IS NULL JOIN workspace w ON w.id = l.workspace_id
WHERE s.billing_account_id = $1 AND w.slug_folded > $2
ORDER BY w.slug_folded
LIMIT $3
