SELECT a.is_verified AND NOT a.is_suspended,
    (SELECT COUNT(*) FROM user_group_member m JOIN user_group g ON g.id = m.user_group_id
     WHERE m.account_id = a.id AND m.workspace_id = $1 AND g.is_admin),
    (SELECT COUNT(*) FROM organization_role WHERE organization_id = $2 AND account_id = a.id AND role = 'admin'),
    (SELECT linking_frozen FROM installation WHERE name = 'orglink')
FROM account a WHERE a.id = $3
