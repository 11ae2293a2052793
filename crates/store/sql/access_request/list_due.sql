SELECT id, asked_by, kind, named, tenant_id, message, return_to, state, created_at, expires_at, ended_at, ended_by, reason FROM access_request
WHERE state = 'open' AND expires_at <= $1
ORDER BY expires_at
LIMIT $2
