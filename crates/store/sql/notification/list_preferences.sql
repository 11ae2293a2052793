SELECT kind, by_mail FROM notification_preference WHERE account_id = $1
