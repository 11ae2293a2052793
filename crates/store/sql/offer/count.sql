SELECT offer, COUNT(*), COUNT(CASE WHEN answer = 'skipped' THEN 1 END), COUNT(CASE WHEN answer = 'taken' THEN 1 END)
FROM offer_answer GROUP BY offer ORDER BY offer
