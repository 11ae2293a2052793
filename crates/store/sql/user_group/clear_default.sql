UPDATE user_group SET is_default = FALSE WHERE workspace_id = $1 AND id <> $2 AND is_default
