SELECT id, slug, name FROM directory_group WHERE site_id = $1 AND slug_folded = $2
