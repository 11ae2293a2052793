DELETE FROM invitation WHERE email_folded = $1 AND state <> 'pending'
