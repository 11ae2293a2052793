INSERT INTO tracker_update (id, entry, state, note, posted_at, posted_by) VALUES ($1, $2, $3, $4, $5, $6)
