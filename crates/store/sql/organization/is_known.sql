SELECT CAST(
    (SELECT COUNT(*) FROM organization_role WHERE organization_id = $1 AND account_id = $2)
  + (SELECT COUNT(*) FROM site_role r JOIN site s ON s.id = r.site_id WHERE s.organization_id = $1 AND r.account_id = $2)
  + (SELECT COUNT(*) FROM app_role r JOIN site s ON s.id = r.site_id WHERE s.organization_id = $1 AND r.account_id = $2)
  + (SELECT COUNT(*) FROM link l JOIN user_group_member m ON m.workspace_id = l.workspace_id
     WHERE l.organization_id = $1 AND l.ended_at IS NULL AND m.account_id = $2)
  + (SELECT COUNT(*) FROM link l JOIN repository_account_grant g ON g.workspace_id = l.workspace_id
     WHERE l.organization_id = $1 AND l.ended_at IS NULL AND g.account_id = $2)
  AS BIGINT)
