INSERT INTO directory_group_member (directory_group_id, account_id)
SELECT $1, m.account_id FROM user_group_member m WHERE m.user_group_id = $2
ON CONFLICT (directory_group_id, account_id) DO NOTHING
