SELECT id, campaign_id, kind, on_at, definition, created_at, touched_at, decided_at, began_at, ended_at, batches, counts FROM campaign_run r
WHERE kind = 'attempt' AND touched_at < $1 OR kind = 'rehearsal' AND touched_at < $2 OR kind = 'rehearsal' AND decided_at IS NULL AND touched_at < $1
ORDER BY created_at LIMIT 10
