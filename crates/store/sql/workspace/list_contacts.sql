SELECT c.kind, a.email FROM workspace_contact c JOIN account a ON a.id = c.account_id
WHERE c.workspace_id = $1
ORDER BY c.kind, a.email_folded
