SELECT account_id FROM organization_role WHERE organization_id = $1
UNION
SELECT r.account_id FROM site_role r JOIN site s ON s.id = r.site_id WHERE s.organization_id = $1
UNION
SELECT r.account_id FROM app_role r JOIN site s ON s.id = r.site_id WHERE s.organization_id = $1
