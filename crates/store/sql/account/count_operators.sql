SELECT COUNT(*) FROM account WHERE is_operator AND NOT is_suspended
