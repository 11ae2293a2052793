UPDATE webhook_delivery SET state = $3, attempts = attempts + 1, tries = tries + 1, due_at = $4, ended_at = $5 WHERE id = $1 AND attempts = $2
