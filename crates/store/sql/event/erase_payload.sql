DELETE FROM event_payload WHERE event_id = $1
