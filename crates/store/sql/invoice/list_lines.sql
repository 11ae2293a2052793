SELECT sequence, line, workspace_id, slug, name, plan, billing_cycle, people, day_from, day_until, net FROM invoice_line WHERE sequence = $1 ORDER BY line
