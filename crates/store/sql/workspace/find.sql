SELECT id, slug, name, app, kind, plan, billing_cycle, status, legal_hold, open_transfer, version, created_at
FROM workspace WHERE id = $1 AND deleted_at IS NULL
