SELECT DISTINCT g.organization_id FROM directory_group_member m JOIN directory_group g ON g.id = m.directory_group_id
WHERE m.account_id = $1
