SELECT a.id, a.email, a.name FROM billing_account_admin b JOIN account a ON a.id = b.account_id WHERE b.billing_account_id = $1 ORDER BY a.email_folded
