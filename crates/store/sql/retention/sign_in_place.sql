DELETE FROM sign_in_place WHERE (account_id, place_hash) IN (
    SELECT account_id, place_hash FROM sign_in_place
    WHERE last_seen_at < $1
    LIMIT 1000)
