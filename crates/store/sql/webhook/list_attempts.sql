SELECT attempt, at, milliseconds, status, answer, problem FROM webhook_attempt WHERE delivery_id = $1 ORDER BY attempt DESC LIMIT 100
