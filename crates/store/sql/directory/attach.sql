UPDATE user_group SET directory_group_id = $2 WHERE id = $1
