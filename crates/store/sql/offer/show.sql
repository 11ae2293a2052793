INSERT INTO offer_answer (account_id, offer, shown_at) VALUES ($1, $2, $3)
ON CONFLICT (account_id, offer) DO NOTHING
