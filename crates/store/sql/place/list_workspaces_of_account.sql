SELECT w.slug, w.name
FROM (
    SELECT workspace_id FROM user_group_member WHERE account_id = $1
    UNION SELECT workspace_id FROM repository_account_grant WHERE account_id = $1
    UNION SELECT l.workspace_id FROM link l JOIN organization_role r ON r.organization_id = l.organization_id
          WHERE r.account_id = $1 AND r.role IN ('admin', 'auditor') AND l.ended_at IS NULL) mine
JOIN workspace w ON w.id = mine.workspace_id
WHERE w.deleted_at IS NULL
ORDER BY w.slug_folded
LIMIT $2
