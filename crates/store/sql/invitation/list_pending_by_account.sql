SELECT id, tenant_id, target, email, invited_by, invited_through, hands_over, state, ending, created_at, expires_at, ended_at, ended_by, sent_at, resends, resends_since FROM invitation
WHERE invited_by = $1 AND state = 'pending'
ORDER BY id
