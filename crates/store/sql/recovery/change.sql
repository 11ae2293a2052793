UPDATE recovery
SET state = $2, approved_by = $3, applies_at = $4, ended_at = $5, ended_by = $6, objection = $7
WHERE id = $1 AND state = $8
