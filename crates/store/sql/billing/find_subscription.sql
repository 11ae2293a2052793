SELECT s.currency, s.tax, s.next_bill_on, s.reseller_id, a.email
FROM workspace_subscription s LEFT JOIN account a ON a.id = s.reseller_id WHERE s.workspace_id = $1
