DELETE FROM idempotency WHERE (account_id, route, key) IN (
    SELECT account_id, route, key FROM idempotency
    WHERE created_at < $1
    LIMIT 1000)
