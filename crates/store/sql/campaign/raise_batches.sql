UPDATE campaign_run SET batches = batches + 1, touched_at = $3 WHERE id = $1 AND batches = $2
