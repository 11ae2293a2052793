UPDATE proposal SET state = $2, ended_at = $3, ended_by = $4, reason = $5
WHERE id = $1 AND state = 'open'
