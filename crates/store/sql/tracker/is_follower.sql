SELECT COUNT(*) FROM tracker_follower WHERE entry = $1 AND account_id = $2
