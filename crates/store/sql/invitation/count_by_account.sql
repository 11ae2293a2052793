SELECT COUNT(*) FROM invitation WHERE invited_by = $1 AND created_at > $2
