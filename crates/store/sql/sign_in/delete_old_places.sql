DELETE FROM sign_in_place WHERE last_seen_at < $1
