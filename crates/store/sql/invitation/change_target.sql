UPDATE invitation SET target = $3 WHERE tenant_id = $1 AND target = $2 AND state = 'pending'
