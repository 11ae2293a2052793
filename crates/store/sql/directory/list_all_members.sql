SELECT m.directory_group_id, m.account_id
FROM directory_group g JOIN directory_group_member m ON m.directory_group_id = g.id
WHERE g.organization_id = $1 AND g.site_id IS NULL
