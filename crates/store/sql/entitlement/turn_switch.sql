INSERT INTO organization_switch (organization_id, name, is_on, turned_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (organization_id, name) DO UPDATE SET is_on = excluded.is_on, turned_at = excluded.turned_at
