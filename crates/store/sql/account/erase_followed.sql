DELETE FROM tracker_follower WHERE account_id = $1
