SELECT COUNT(*) FROM link WHERE organization_id = $1 AND ended_at IS NULL
