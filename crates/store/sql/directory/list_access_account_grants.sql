SELECT account_id, repository_id, permission FROM repository_account_grant WHERE workspace_id = $1
