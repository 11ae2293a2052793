INSERT INTO ledger_log (id, number, origin, public_key, sealed_key, generation, size, root, note, signed_at, started_at, previous, reason)
VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $7, $8, $8, $9, $10)
ON CONFLICT (number) DO NOTHING
