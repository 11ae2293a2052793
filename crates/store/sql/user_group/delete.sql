DELETE FROM user_group WHERE id = $1 AND workspace_id = $2
