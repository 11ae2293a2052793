INSERT INTO tracker_follower (entry, account_id, followed_at) VALUES ($1, $2, $3) ON CONFLICT (entry, account_id) DO NOTHING
