-- Without statistics SQLite would look through all decisions of the run.
SELECT MIN(wave) FROM campaign_decision INDEXED BY campaign_decision_waiting WHERE run_id = $1 AND state = 'decided'
