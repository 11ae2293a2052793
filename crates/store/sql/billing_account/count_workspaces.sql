SELECT COUNT(*) FROM link_stage s JOIN link l ON l.id = s.link_id WHERE s.billing_account_id = $1 AND l.ended_at IS NULL
