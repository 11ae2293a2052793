UPDATE assistant_request SET state = $2, ended_at = $3
WHERE id = $1 AND state = 'open'
