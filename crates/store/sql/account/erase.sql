UPDATE account SET email = $2, email_folded = $2, name = 'a former account', is_verified = FALSE, is_operator = FALSE,
  is_suspended = TRUE, password_hash = NULL, time_zone = NULL, erased_at = $3
WHERE id = $1
