UPDATE organization SET user_management = $2 WHERE id = $1
