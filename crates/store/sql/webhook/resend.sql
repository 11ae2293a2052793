UPDATE webhook_delivery SET state = 'waiting', tries = 0, due_at = $2, ended_at = NULL WHERE id = $1
