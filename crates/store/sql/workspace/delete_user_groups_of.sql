DELETE FROM user_group WHERE workspace_id = $1
