UPDATE campaign SET name = $3, name_folded = $4, definition = $5, state = $6, resumes_to = $7, reason = $8, announced_at = $9,
    version = version + 1
WHERE id = $1 AND version = $2
