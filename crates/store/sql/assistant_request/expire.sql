UPDATE assistant_request SET state = 'expired', ended_at = expires_at
WHERE account_id = $1 AND state = 'open' AND expires_at <= $2
