SELECT h.version, h.at, h.account_id, h.through, h.state, h.definition, h.reason
FROM campaign_change h WHERE h.campaign_id = $1 ORDER BY h.version
