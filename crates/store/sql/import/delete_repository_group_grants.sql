DELETE FROM repository_group_grant WHERE repository_id = $1
