UPDATE directory_group SET site_id = NULL, slug = $2, slug_folded = $3, name = $4 WHERE id = $1
