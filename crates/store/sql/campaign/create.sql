INSERT INTO campaign (id, name, name_folded, definition, state, version, created_at)
VALUES ($1, $2, $3, $4, 'draft', 1, $5)
ON CONFLICT DO NOTHING
