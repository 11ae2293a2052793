SELECT COUNT(*) FROM billing_account_admin b JOIN account a ON a.id = b.account_id WHERE b.billing_account_id = $1 AND a.is_verified AND NOT a.is_suspended
