UPDATE workspace SET name = $2, kind = $3, plan = $4, billing_cycle = $5 WHERE id = $1
