UPDATE mail SET state = 'given_up', ended_at = $2, leased_until = NULL WHERE id = $1 AND state IN ('waiting', 'failed', 'refused')
