SELECT a.id, a.email, a.name, a.is_verified, a.is_robot, a.is_operator, a.is_suspended, r.role
FROM organization_role r JOIN account a ON a.id = r.account_id
WHERE r.organization_id = $1
ORDER BY a.email_folded, r.role
LIMIT 1000
