UPDATE mail SET state = 'sent', answer = $2, ended_at = $3, leased_until = NULL WHERE id = $1 AND state <> 'sent'
