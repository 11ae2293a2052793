UPDATE webhook SET failures = 0, failing_since = NULL WHERE id = $1 AND lease = $2
