UPDATE ledger_log SET ended_at = $2, generation = generation + 1 WHERE id = $1 AND ended_at IS NULL
