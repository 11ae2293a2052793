DELETE FROM notification_preference WHERE account_id = $1
