SELECT account_id FROM organization_role WHERE organization_id = $1 AND role = 'admin' ORDER BY account_id
