DELETE FROM access_request WHERE asked_by = $1
