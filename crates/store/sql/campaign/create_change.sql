INSERT INTO campaign_change (campaign_id, version, at, account_id, through, state, definition, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
