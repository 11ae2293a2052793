SELECT id, state, note, posted_at FROM tracker_update WHERE entry = $1 ORDER BY id DESC LIMIT $2
