INSERT INTO campaign_consent (campaign_id, subject_id, side, account_id, through, terms_digest, acknowledged, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (subject_id, campaign_id, side) DO UPDATE SET account_id = excluded.account_id, through = excluded.through,
    terms_digest = excluded.terms_digest, acknowledged = excluded.acknowledged, at = excluded.at
