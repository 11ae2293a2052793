SELECT hashes FROM ledger_tile WHERE log_id = $1 AND level = $2 AND tile_index = $3
