UPDATE ledger_log SET size = $3, root = $4, note = $5, signed_at = $6, generation = generation + 1
WHERE id = $1 AND generation = $2 AND ended_at IS NULL
