DELETE FROM event_payload WHERE event_id IN (
  SELECT id FROM event WHERE actor_id = $1 AND workspace_id IS NULL AND organization_id IS NULL)
