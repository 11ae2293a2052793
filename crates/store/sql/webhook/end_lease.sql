UPDATE webhook SET leased_until = NULL WHERE id = $1
