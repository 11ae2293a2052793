UPDATE webhook SET position = CASE WHEN NOT is_behind AND position < $2 THEN $2 ELSE position END, is_behind = TRUE,
    due_at = CASE
        WHEN due_at IS NULL OR (failures = 0 AND due_at > $3) THEN $3
        WHEN due_at > $4 THEN $4
        ELSE due_at END
WHERE id = $1
