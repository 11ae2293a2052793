SELECT
    (SELECT COUNT(DISTINCT m.account_id) FROM user_group g
     JOIN user_group_member m ON m.user_group_id = g.id JOIN account a ON a.id = m.account_id
     WHERE g.workspace_id = $1 AND g.is_admin AND a.is_verified AND NOT a.is_robot AND NOT a.is_suspended),
    (SELECT COUNT(*) FROM (
        SELECT account_id FROM user_group_member WHERE workspace_id = $1
        UNION SELECT account_id FROM repository_account_grant WHERE workspace_id = $1) AS member),
    (SELECT COUNT(*) FROM user_group WHERE workspace_id = $1),
    (SELECT COUNT(*) FROM repository WHERE workspace_id = $1),
    linking_frozen
FROM installation WHERE name = 'orglink'
