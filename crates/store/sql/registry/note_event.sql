INSERT INTO registry_event (id, received_at) VALUES ($1, $2)
ON CONFLICT (id) DO NOTHING
