INSERT INTO campaign_run (id, campaign_id, kind, on_at, definition, created_at, touched_at, batches, tolerated_failures)
VALUES ($1, $2, $3, $4, $5, $6, $6, 0, 0)
