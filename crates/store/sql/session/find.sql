SELECT s.id, s.expires_at, a.id, a.email, a.name, a.is_verified, a.is_robot, a.is_operator
FROM session s JOIN account a ON a.id = s.account_id
WHERE s.secret_hash = $1
