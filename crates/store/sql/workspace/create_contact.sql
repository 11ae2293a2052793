INSERT INTO workspace_contact (workspace_id, kind, account_id) VALUES ($1, $2, $3)
