SELECT COUNT(*) FROM recovery WHERE account_id = $1 AND created_at > $2
