SELECT day, what, count FROM workspace_count WHERE day >= $1 ORDER BY day, what
