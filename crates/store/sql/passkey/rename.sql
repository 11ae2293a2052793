UPDATE passkey SET name = $3 WHERE id = $1 AND account_id = $2
