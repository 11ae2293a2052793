SELECT COUNT(*) FROM proposal WHERE proposed_by = $1 AND state = 'open'
