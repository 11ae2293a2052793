INSERT INTO notification_preference (account_id, kind, by_mail) VALUES ($1, $2, $3)
ON CONFLICT (account_id, kind) DO UPDATE SET by_mail = excluded.by_mail
