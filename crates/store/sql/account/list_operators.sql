SELECT id, email, name, is_verified, is_robot, is_operator, is_suspended FROM account WHERE is_operator ORDER BY email_folded LIMIT 500
