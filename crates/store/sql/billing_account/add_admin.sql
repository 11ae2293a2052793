INSERT INTO billing_account_admin (billing_account_id, account_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
