INSERT INTO workspace_count (day, what, count) VALUES ($1, $2, $3)
ON CONFLICT (day, what) DO UPDATE SET count = $3
