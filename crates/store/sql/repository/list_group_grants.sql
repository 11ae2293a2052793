SELECT user_group_id, permission FROM repository_group_grant WHERE repository_id = $1
