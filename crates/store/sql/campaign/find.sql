SELECT c.id, c.definition, c.state, c.resumes_to, c.reason, c.version, c.created_at, c.announced_at FROM campaign c WHERE c.id = $1
