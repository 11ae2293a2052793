INSERT INTO proposal_consent (proposal_id, side, account_id, through, plan_digest, acknowledged, reason, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (proposal_id, side) DO UPDATE SET account_id = excluded.account_id, through = excluded.through,
    plan_digest = excluded.plan_digest, acknowledged = excluded.acknowledged, reason = excluded.reason, at = excluded.at
