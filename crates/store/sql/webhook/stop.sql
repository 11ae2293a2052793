UPDATE webhook SET state = $2 WHERE id = $1 AND state = 'active'
