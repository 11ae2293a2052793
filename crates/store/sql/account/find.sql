SELECT id, email, name, is_verified, is_robot, is_operator, is_suspended FROM account WHERE id = $1
