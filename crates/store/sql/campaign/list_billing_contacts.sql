SELECT workspace_id, account_id FROM workspace_contact
WHERE workspace_id > $1 AND workspace_id <= $2 AND kind = 'billing'
