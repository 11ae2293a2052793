INSERT INTO webhook_attempt (delivery_id, attempt, at, milliseconds, status, answer, problem) VALUES ($1, $2, $3, $4, $5, $6, $7)
