INSERT INTO event (id, type, at, actor_id, actor_through, organization_id, workspace_id, version, commitment)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);
INSERT INTO event_payload (event_id, salt, payload) VALUES ($1, $10, $11);
INSERT INTO event_pending (event_id) VALUES ($1)
