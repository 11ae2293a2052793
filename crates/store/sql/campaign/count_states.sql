SELECT wave, state, rule, left_alone, COUNT(*) FROM campaign_decision WHERE run_id = $1 GROUP BY wave, state, rule, left_alone
