SELECT id, created_at, last_seen_at, expires_at, user_agent, address FROM session
WHERE account_id = $1 AND expires_at > $2
ORDER BY last_seen_at DESC, id
LIMIT 200
