UPDATE account SET name = $2, is_verified = $3, is_robot = $4 WHERE id = $1
