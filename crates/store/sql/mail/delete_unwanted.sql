DELETE FROM unwanted_mail WHERE email_folded = $1 AND kind = $2
