DELETE FROM repository_account_grant WHERE workspace_id = $1 AND account_id = $2
