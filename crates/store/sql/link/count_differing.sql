SELECT COUNT(*) FROM link WHERE access_check = 'differs' AND ended_at IS NULL
