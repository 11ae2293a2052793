SELECT (SELECT COUNT(*) FROM unwanted_mail WHERE email_folded = $1 AND kind = $2)
    + (SELECT COUNT(*) FROM account a JOIN notification_preference p ON p.account_id = a.id
       WHERE a.email_folded = $1 AND p.kind = $2 AND NOT p.by_mail)
