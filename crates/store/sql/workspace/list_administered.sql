SELECT w.id, w.slug, w.name, w.app, w.kind, w.plan, w.billing_cycle, w.status, w.legal_hold, w.open_transfer, w.version, w.created_at
FROM workspace w
WHERE w.slug_folded > $2
  AND w.id IN (SELECT m.workspace_id FROM user_group_member m JOIN user_group g ON g.id = m.user_group_id
               WHERE m.account_id = $1 AND g.is_admin)
ORDER BY w.slug_folded
LIMIT $3
