INSERT INTO billing_account (id, organization_id, account_key, name, bill_to, currency, tax, payer_id, invoiced_until, version, created_at)
VALUES ($1, $2, NULL, $3, $4, $5, $6, $7, $8, 1, $9)
