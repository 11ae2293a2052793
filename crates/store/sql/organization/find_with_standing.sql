SELECT o.id, o.slug, o.name, o.user_management, o.link_quota, o.identity_provider, o.version, o.created_at,
    (SELECT COUNT(*) FROM organization_role WHERE organization_id = o.id AND account_id = $2 AND role = 'admin'),
    (SELECT COUNT(*) FROM organization_role WHERE organization_id = o.id AND account_id = $2 AND role = 'auditor'),
    CAST(
        (SELECT COUNT(*) FROM organization_role WHERE organization_id = o.id AND account_id = $2)
      + (SELECT COUNT(*) FROM site_role r JOIN site s ON s.id = r.site_id WHERE r.account_id = $2 AND s.organization_id = o.id)
      + (SELECT COUNT(*) FROM app_role r JOIN site s ON s.id = r.site_id WHERE r.account_id = $2 AND s.organization_id = o.id)
      AS BIGINT),
    EXISTS (SELECT 1 FROM campaign_organization m WHERE m.organization_id = o.id AND m.claimed_at IS NULL)
FROM organization o WHERE o.id = $1 AND o.deleted_at IS NULL
