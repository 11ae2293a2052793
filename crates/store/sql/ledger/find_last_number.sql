SELECT COALESCE(MAX(number), 0) FROM ledger_log
