UPDATE workspace SET name = $2, plan = $3, kind = $4, billing_cycle = $5, status = $6, legal_hold = $7,
    open_transfer = $8, external_id = $9, external_created_at = $10, app = $11
WHERE id = $1
