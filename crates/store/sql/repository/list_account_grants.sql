SELECT g.account_id, g.permission FROM repository_account_grant g JOIN account a ON a.id = g.account_id
WHERE g.repository_id = $1 AND a.email_folded >= $2 AND a.email_folded <= $3
