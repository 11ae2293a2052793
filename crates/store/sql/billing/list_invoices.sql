SELECT number, issued_on, period_from, period_until, currency, net, tax, state
FROM workspace_invoice WHERE workspace_id = $1 AND number > $2 ORDER BY number LIMIT $3
