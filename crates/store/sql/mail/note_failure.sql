UPDATE mail SET state = $3, answer = $4, due_at = $5, ended_at = $6, leased_until = NULL
WHERE id = $1 AND attempts = $2 AND state IN ('waiting', 'failed')
