SELECT id, slug, name FROM directory_group WHERE organization_id = $1 ORDER BY slug_folded
