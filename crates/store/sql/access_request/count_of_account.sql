SELECT
    (SELECT COUNT(*) FROM access_request WHERE asked_by = $1 AND state = 'open'),
    (SELECT COUNT(*) FROM access_request WHERE asked_by = $1 AND created_at > $2)
