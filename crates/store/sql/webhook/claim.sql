UPDATE webhook SET lease = lease + 1, leased_until = $3 WHERE id = $1 AND lease = $2
