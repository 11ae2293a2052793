SELECT COUNT(*) FROM account WHERE is_operator
