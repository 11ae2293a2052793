UPDATE registry_key SET state = 'signing', signs_since = $2 WHERE id = $1 AND state = 'next'
