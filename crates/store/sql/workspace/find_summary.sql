SELECT
    (SELECT COUNT(*) FROM (
        SELECT account_id FROM user_group_member WHERE workspace_id = $1
        UNION SELECT account_id FROM repository_account_grant WHERE workspace_id = $1) AS member),
    (SELECT COUNT(*) FROM user_group WHERE workspace_id = $1),
    (SELECT COUNT(*) FROM repository WHERE workspace_id = $1)
