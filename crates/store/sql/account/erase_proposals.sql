UPDATE proposal SET message = CASE WHEN proposed_by = $1 THEN NULL ELSE message END,
    reason = CASE WHEN ended_by = $1 THEN NULL ELSE reason END
WHERE proposed_by = $1 OR ended_by = $1
