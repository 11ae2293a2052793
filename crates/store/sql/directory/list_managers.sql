SELECT DISTINCT account_id FROM organization_role WHERE organization_id = $1 AND role IN ('admin', 'user_access_admin')
