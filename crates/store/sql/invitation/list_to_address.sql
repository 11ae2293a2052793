SELECT id, tenant_id, target, email, invited_by, invited_through, hands_over, state, ending, created_at, expires_at, ended_at, ended_by, sent_at, resends, resends_since FROM invitation
WHERE email_folded = $1 AND id < $2 AND ($4 = '' OR state = $4)
ORDER BY id DESC
LIMIT $3
