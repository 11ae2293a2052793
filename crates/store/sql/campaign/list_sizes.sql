SELECT workspace_id, COUNT(DISTINCT account_id) FROM user_group_member
WHERE workspace_id > $1 AND workspace_id <= $2
GROUP BY workspace_id
