DELETE FROM repository_account_grant WHERE repository_id = $1 AND account_id = $2
