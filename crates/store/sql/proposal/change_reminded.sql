UPDATE proposal SET reminded_at = $2 WHERE id = $1 AND state = 'open'
