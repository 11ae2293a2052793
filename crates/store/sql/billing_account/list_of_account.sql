SELECT b.id, b.organization_id, b.name, b.bill_to, b.currency, b.tax, b.payer_id, b.invoiced_until, b.merged_into, b.version, b.created_at
FROM (SELECT billing_account_id AS id FROM billing_account_admin WHERE account_id = $1 UNION SELECT id FROM billing_account WHERE payer_id = $1 UNION SELECT billing_account_id FROM billing_request WHERE payer_folded = $4) mine
JOIN billing_account b ON b.id = mine.id
WHERE b.id > $2
ORDER BY b.id
LIMIT $3
