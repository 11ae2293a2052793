DELETE FROM repository_group_grant WHERE repository_id = $1 AND user_group_id = $2
