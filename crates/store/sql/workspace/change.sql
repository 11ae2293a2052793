UPDATE workspace SET name = $2, kind = $3, plan = $4, billing_cycle = $5,
    kind_since = CASE WHEN kind <> $3 THEN $6 ELSE kind_since END,
    plan_since = CASE WHEN plan <> $4 THEN $6 ELSE plan_since END,
    billing_cycle_since = CASE WHEN billing_cycle <> $5 THEN $6 ELSE billing_cycle_since END
WHERE id = $1
