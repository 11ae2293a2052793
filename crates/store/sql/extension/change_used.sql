UPDATE installed_extension SET token_used_at = $2 WHERE id = $1
