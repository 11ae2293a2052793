SELECT a.email FROM site_role r JOIN account a ON a.id = r.account_id
WHERE r.site_id = $1 AND r.role = 'site_admin'
ORDER BY a.email_folded
