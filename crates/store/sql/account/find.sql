SELECT id, email, name, is_verified, is_robot, is_operator FROM account WHERE id = $1
