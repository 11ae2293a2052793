INSERT INTO webhook_delivery (id, webhook_id, position, lane, state, attempts, tries, due_at, created_at, ended_at)
VALUES ($1, $2, $3, $4, 'waiting', 0, 0, $5, $5, NULL)
ON CONFLICT (webhook_id, position) DO UPDATE SET state = 'waiting', tries = 0, due_at = excluded.due_at, ended_at = NULL
