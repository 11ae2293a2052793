SELECT sequence, line, workspace_id, slug, name, plan, billing_cycle, people, day_from, day_until, net FROM invoice_line WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence, line
