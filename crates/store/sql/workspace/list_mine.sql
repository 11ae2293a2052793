SELECT w.id, w.slug, w.name, w.app, w.kind, w.plan, w.billing_cycle, w.status, w.legal_hold, w.open_transfer, w.version, w.created_at,
    CAST(MIN(mine.rank) AS BIGINT) AS rank
FROM (
    SELECT m.workspace_id, CASE WHEN g.is_admin THEN 0 ELSE 1 END AS rank
    FROM user_group_member m JOIN user_group g ON g.id = m.user_group_id WHERE m.account_id = $1
    UNION ALL SELECT workspace_id, 1 FROM repository_account_grant WHERE account_id = $1
    UNION ALL SELECT l.workspace_id, 2 FROM link l JOIN organization_role r ON r.organization_id = l.organization_id
          WHERE r.account_id = $1 AND r.role IN ('admin', 'auditor') AND l.ended_at IS NULL) mine
JOIN workspace w ON w.id = mine.workspace_id
WHERE w.slug_folded > $2 AND w.deleted_at IS NULL
GROUP BY w.id
ORDER BY w.slug_folded
LIMIT $3
