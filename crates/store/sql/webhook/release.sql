UPDATE webhook SET leased_until = NULL, due_at = $3 WHERE id = $1 AND lease = $2
