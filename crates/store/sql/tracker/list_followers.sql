SELECT account_id FROM tracker_follower WHERE entry = $1 ORDER BY account_id
