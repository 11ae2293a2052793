UPDATE webhook SET state = $2, failures = 0, failing_since = NULL, due_at = $3 WHERE id = $1
