SELECT COUNT(*) FROM event_pending
