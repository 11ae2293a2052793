SELECT side, account_id, through, plan_digest, acknowledged, reason, at FROM proposal_consent WHERE proposal_id = $1 ORDER BY at, side
