DELETE FROM invitation WHERE email_folded = $2 AND invited_by <> $1
