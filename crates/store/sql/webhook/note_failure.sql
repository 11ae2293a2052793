UPDATE webhook SET failures = failures + 1, failing_since = COALESCE(failing_since, $3) WHERE id = $1 AND lease = $2
