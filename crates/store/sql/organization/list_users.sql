SELECT a.id, a.email, a.name, a.is_verified, a.is_robot, a.is_operator, a.is_suspended
FROM account a
WHERE a.email_folded > $2 AND a.email_folded LIKE $4 ESCAPE '\'
  AND a.id IN (SELECT account_id FROM organization_role WHERE organization_id = $1
               UNION SELECT r.account_id FROM site_role r JOIN site s ON s.id = r.site_id WHERE s.organization_id = $1
               UNION SELECT r.account_id FROM app_role r JOIN site s ON s.id = r.site_id WHERE s.organization_id = $1)
ORDER BY a.email_folded
LIMIT $3
