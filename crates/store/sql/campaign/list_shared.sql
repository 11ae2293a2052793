SELECT d.group_key, w.name, w.slug, (SELECT COUNT(DISTINCT m.account_id) FROM user_group_member m WHERE m.workspace_id = w.id)
FROM campaign_decision d JOIN workspace w ON w.id = d.workspace_id
WHERE d.run_id = $1 AND d.group_key > $2 AND d.group_key <= $3 AND d.rule = 'shared_admins'
