UPDATE ledger_log SET sealed_key = $2 WHERE id = $1
