UPDATE workspace SET name = $2, plan = $3, kind = $4, billing_cycle = $5, status = $6, legal_hold = $7,
    open_transfer = $8, external_id = $9, external_created_at = $10, app = $11,
    kind_since = CASE WHEN kind <> $4 THEN $12 ELSE kind_since END,
    plan_since = CASE WHEN plan <> $3 THEN $12 ELSE plan_since END,
    billing_cycle_since = CASE WHEN billing_cycle <> $5 THEN $12 ELSE billing_cycle_since END
WHERE id = $1
