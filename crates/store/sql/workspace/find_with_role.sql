SELECT w.id, w.slug, w.name, w.app, w.kind, w.plan, w.billing_cycle, w.status, w.legal_hold, w.open_transfer, w.version, w.created_at,
    (SELECT COUNT(*) FROM user_group_member m JOIN user_group g ON g.id = m.user_group_id
     WHERE m.account_id = $2 AND m.workspace_id = w.id AND g.is_admin),
    CAST(
        (SELECT COUNT(*) FROM user_group_member WHERE account_id = $2 AND workspace_id = w.id)
      + (SELECT COUNT(*) FROM repository_account_grant WHERE account_id = $2 AND workspace_id = w.id)
      AS BIGINT)
FROM workspace w WHERE w.id = $1 AND w.deleted_at IS NULL
