SELECT state, COUNT(*), MIN(created_at) FROM mail GROUP BY state
