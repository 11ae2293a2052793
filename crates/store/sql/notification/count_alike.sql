SELECT account_id, content, COUNT(*) FROM notification WHERE kind = 'campaign' GROUP BY account_id, content
