SELECT COUNT(*) FROM workspace WHERE deleted_at IS NULL
