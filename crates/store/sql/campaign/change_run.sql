UPDATE campaign_run SET kind = $3, touched_at = $4, decided_at = $5, began_at = $6, ended_at = $7, counts = $8, batches = batches + 1
WHERE id = $1 AND batches = $2
