SELECT COUNT(*) FROM organization_role WHERE organization_id = $1 AND account_id = $2 AND role = 'user_access_admin'
