UPDATE mail SET leased_until = $3, attempts = attempts + 1
WHERE id = $1 AND state IN ('waiting', 'failed') AND (leased_until IS NULL OR leased_until <= $2)
