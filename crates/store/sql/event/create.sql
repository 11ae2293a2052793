INSERT INTO event (id, type, at, actor_id, actor_through, organization_id, workspace_id, version, commitment)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
