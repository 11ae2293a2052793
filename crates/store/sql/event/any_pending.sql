SELECT COUNT(*) FROM (SELECT event_id FROM event_pending LIMIT 1) AS pending
