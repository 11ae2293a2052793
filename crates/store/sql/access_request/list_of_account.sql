SELECT id, asked_by, kind, named, tenant_id, message, return_to, state, created_at, expires_at, ended_at, ended_by, reason FROM access_request
WHERE asked_by = $1 AND id < $2 AND ($4 = '' OR state = $4)
ORDER BY id DESC
LIMIT $3
