-- Domains are kept folded, as addresses are.
WITH other AS (
    SELECT a.id, a.email_folded, a.is_verified
    FROM (SELECT account_id FROM user_group_member WHERE workspace_id = $2
          UNION SELECT account_id FROM repository_account_grant WHERE workspace_id = $2) AS member
    JOIN account a ON a.id = member.account_id
    WHERE a.id <> $1 AND NOT a.is_robot
)
SELECT o.id, o.slug, o.name, o.user_management, o.link_quota, o.identity_provider, o.version, o.created_at,
    (SELECT COUNT(*) FROM site_integration i JOIN site s ON s.id = i.site_id
     WHERE i.workspace_id = $2 AND s.organization_id = o.id),
    (SELECT COUNT(*) FROM other),
    (SELECT COUNT(*) FROM other x WHERE x.is_verified AND EXISTS (
        SELECT 1 FROM organization_domain d WHERE d.organization_id = o.id
        AND substr(x.email_folded, length(x.email_folded) - length(d.domain)) = '@' || d.domain)
        OR x.is_verified AND EXISTS (
        SELECT 1 FROM domain_claim d WHERE d.organization_id = o.id AND d.state = 'verified'
        AND substr(x.email_folded, length(x.email_folded) - length(d.domain)) = '@' || d.domain)),
    (SELECT COUNT(*) FROM other x WHERE
        EXISTS (SELECT 1 FROM organization_role h WHERE h.organization_id = o.id AND h.account_id = x.id)
        OR EXISTS (SELECT 1 FROM site_role h JOIN site s ON s.id = h.site_id WHERE s.organization_id = o.id AND h.account_id = x.id)
        OR EXISTS (SELECT 1 FROM app_role h JOIN site s ON s.id = h.site_id WHERE s.organization_id = o.id AND h.account_id = x.id)
        OR EXISTS (SELECT 1 FROM link l JOIN user_group_member m ON m.workspace_id = l.workspace_id
            WHERE l.organization_id = o.id AND l.ended_at IS NULL AND l.workspace_id <> $2 AND m.account_id = x.id))
FROM organization_role r JOIN organization o ON o.id = r.organization_id
WHERE r.account_id = $1 AND r.role = 'admin'
AND NOT EXISTS (SELECT 1 FROM campaign_organization c WHERE c.organization_id = o.id AND c.claimed_at IS NULL)
ORDER BY o.slug_folded
LIMIT 500
