INSERT INTO account (id, email, email_folded, name, is_verified, is_robot, is_operator, password_hash, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8)
ON CONFLICT (email_folded) DO NOTHING
