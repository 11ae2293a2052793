DELETE FROM proposal WHERE id IN (
    SELECT id FROM proposal
    WHERE state IN ('declined', 'withdrawn', 'expired', 'superseded') AND ended_at < $1
    LIMIT 1000)
