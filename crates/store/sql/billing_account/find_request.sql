SELECT id, billing_account_id, kind, payer, into_id, asked_by, asked_at, expires_at FROM billing_request WHERE billing_account_id = $1 AND expires_at > $2
