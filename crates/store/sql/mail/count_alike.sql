SELECT account_id, content, COUNT(*) FROM mail WHERE kind = 'campaign' AND account_id IS NOT NULL GROUP BY account_id, content
