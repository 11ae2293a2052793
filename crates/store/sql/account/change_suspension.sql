UPDATE account SET is_suspended = $2 WHERE id = $1
