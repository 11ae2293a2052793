INSERT INTO event_payload (event_id, salt, payload) VALUES ($1, $2, $3)
