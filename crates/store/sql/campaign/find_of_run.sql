SELECT c.id, c.definition, c.state, c.resumes_to, c.reason, c.version, c.created_at, c.announced_at FROM campaign c JOIN campaign_run r ON r.campaign_id = c.id WHERE r.id = $1
