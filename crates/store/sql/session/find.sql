SELECT s.id, s.expires_at, COALESCE(s.authenticated_at, s.created_at), a.time_zone,
       a.id, a.email, a.name, a.is_verified, a.is_robot, a.is_operator, a.is_suspended
FROM session s JOIN account a ON a.id = s.account_id
WHERE s.secret_hash = $1
