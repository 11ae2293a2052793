SELECT
    (SELECT COUNT(*) FROM assistant_request WHERE account_id = $1 AND state = 'open'),
    (SELECT COUNT(*) FROM assistant_request WHERE account_id = $1 AND created_at > $2)
