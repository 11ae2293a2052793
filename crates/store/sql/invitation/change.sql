UPDATE invitation
SET state = $2, ending = $3, ended_at = $4, ended_by = $5, invited_by = $6, invited_through = $7, hands_over = $8, expires_at = $9, sent_at = $10, resends = $11, resends_since = $12
WHERE id = $1 AND state = 'pending'
