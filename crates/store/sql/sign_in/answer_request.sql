UPDATE sign_in_request SET account_id = $2, answered_at = $3 WHERE id = $1 AND answered_at IS NULL
