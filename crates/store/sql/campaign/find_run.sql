SELECT id, campaign_id, kind, on_at, definition, created_at, touched_at, decided_at, began_at, ended_at, batches, counts FROM campaign_run WHERE id = $1
