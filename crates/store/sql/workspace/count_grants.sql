SELECT r.account_id, COUNT(*) FROM repository_account_grant r
JOIN account a ON a.id = r.account_id
WHERE r.workspace_id = $1 AND a.email_folded >= $2 AND a.email_folded <= $3
GROUP BY r.account_id
