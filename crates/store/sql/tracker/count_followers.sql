SELECT COUNT(*) FROM tracker_follower WHERE entry = $1
