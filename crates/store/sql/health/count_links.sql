SELECT access_check, COUNT(*) FROM link WHERE ended_at IS NULL GROUP BY access_check ORDER BY access_check
