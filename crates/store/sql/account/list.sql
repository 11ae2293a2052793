SELECT id, email, name, is_verified, is_robot, is_operator, is_suspended FROM account
WHERE email_folded > $1 AND erased_at IS NULL AND email_folded LIKE $3 ESCAPE '\'
ORDER BY email_folded
LIMIT $2
