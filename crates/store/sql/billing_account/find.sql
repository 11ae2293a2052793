SELECT b.id, b.organization_id, b.name, b.bill_to, b.currency, b.tax, b.payer_id, b.invoiced_until, b.merged_into, b.version, b.created_at FROM billing_account b WHERE b.id = $1
