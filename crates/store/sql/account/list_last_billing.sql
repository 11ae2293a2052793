SELECT b.name FROM billing_account b
JOIN billing_account_admin a ON a.billing_account_id = b.id AND a.account_id = $1
WHERE b.merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM billing_account_admin o WHERE o.billing_account_id = b.id AND o.account_id <> $1)
ORDER BY b.name, b.id
