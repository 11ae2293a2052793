INSERT INTO sign_in_place (account_id, place_hash, last_seen_at) VALUES ($1, $2, $3)
ON CONFLICT (account_id, place_hash) DO UPDATE SET last_seen_at = excluded.last_seen_at
