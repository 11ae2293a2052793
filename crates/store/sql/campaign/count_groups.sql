SELECT (SELECT COUNT(*) FROM campaign_group WHERE run_id = $1),
    (SELECT COUNT(*) FROM campaign_decision WHERE run_id = $1 AND rule = 'own'),
    (SELECT COUNT(*) FROM campaign_organization WHERE run_id = $1)
