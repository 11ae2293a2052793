UPDATE mail SET state = 'waiting', due_at = $2, ended_at = NULL, leased_until = NULL, answer = NULL
WHERE id = $1 AND state IN ('failed', 'refused', 'given_up')
