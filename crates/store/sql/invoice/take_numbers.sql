UPDATE invoice_sequence SET last_number = last_number + $1 WHERE one = 1 RETURNING last_number
