INSERT INTO billing_request (billing_account_id, id, kind, payer, payer_folded, into_id, asked_by, asked_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
