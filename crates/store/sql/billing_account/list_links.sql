SELECT s.link_id FROM link_stage s JOIN link l ON l.id = s.link_id AND l.ended_at IS NULL WHERE s.billing_account_id = $1 ORDER BY s.link_id
