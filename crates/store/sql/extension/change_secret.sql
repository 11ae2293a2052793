UPDATE installed_extension SET secret_hash = $2, token_created_at = $3, token_used_at = NULL WHERE id = $1
