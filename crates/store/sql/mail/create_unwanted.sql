INSERT INTO unwanted_mail (email_folded, kind) VALUES ($1, $2) ON CONFLICT (email_folded, kind) DO NOTHING
