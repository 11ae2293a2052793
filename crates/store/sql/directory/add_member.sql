INSERT INTO directory_group_member (directory_group_id, account_id) VALUES ($1, $2) ON CONFLICT (directory_group_id, account_id) DO NOTHING
