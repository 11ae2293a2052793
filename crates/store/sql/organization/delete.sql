UPDATE organization SET deleted_at = $2, slug_folded = $3 WHERE id = $1
