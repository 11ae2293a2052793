SELECT (SELECT COUNT(*) FROM sign_in_place WHERE account_id = $1 AND place_hash = $2),
       (SELECT COUNT(*) FROM sign_in_place WHERE account_id = $1)
