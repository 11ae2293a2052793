SELECT code, COUNT(*) FROM workspace_reason GROUP BY code
