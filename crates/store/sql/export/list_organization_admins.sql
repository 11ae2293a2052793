SELECT a.email FROM organization_role r JOIN account a ON a.id = r.account_id
WHERE r.organization_id = $1 AND r.role = 'admin'
ORDER BY a.email_folded
