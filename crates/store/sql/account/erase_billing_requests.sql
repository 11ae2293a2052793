DELETE FROM billing_request WHERE asked_by = $1 OR payer_folded = $2
