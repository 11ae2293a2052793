SELECT id, asked_by, kind, named, tenant_id, message, return_to, state, created_at, expires_at, ended_at, ended_by, reason FROM access_request WHERE id = $1
