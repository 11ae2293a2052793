SELECT COUNT(*), MIN(linked_at) FROM link WHERE access_check = 'pending' AND ended_at IS NULL
