UPDATE installed_extension SET version = $2, scopes = $3, updated_at = $4 WHERE id = $1
