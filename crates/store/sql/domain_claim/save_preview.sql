INSERT INTO claim_preview (domain_claim_id, digest, made_at, accounts)
VALUES ($1, $2, $3, $4)
ON CONFLICT (domain_claim_id, digest) DO UPDATE SET made_at = excluded.made_at
