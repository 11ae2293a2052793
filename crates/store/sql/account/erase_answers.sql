DELETE FROM idempotency WHERE account_id = $1
