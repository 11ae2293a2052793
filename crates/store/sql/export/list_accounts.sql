SELECT id, email, name, is_verified, is_robot, is_operator FROM account WHERE email_folded > $1
ORDER BY email_folded
LIMIT $2
