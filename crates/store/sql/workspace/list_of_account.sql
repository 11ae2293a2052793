SELECT w.id, w.slug, w.name, w.app, w.kind, w.plan, w.billing_cycle, w.status, w.legal_hold, w.open_transfer, w.version, w.created_at
FROM workspace w
WHERE w.slug_folded > $2 AND w.deleted_at IS NULL
  AND (CAST($4 AS BOOLEAN) OR w.id IN (
    SELECT workspace_id FROM user_group_member WHERE account_id = $1
    UNION SELECT workspace_id FROM repository_account_grant WHERE account_id = $1
    UNION SELECT l.workspace_id FROM link l JOIN organization_role r ON r.organization_id = l.organization_id
          WHERE r.account_id = $1 AND r.role IN ('admin', 'auditor') AND l.ended_at IS NULL))
ORDER BY w.slug_folded
LIMIT $3
