SELECT id, number, origin, public_key, sealed_key, generation, size, root, note, signed_at, previous
FROM ledger_log
WHERE id = $1
