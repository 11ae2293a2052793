SELECT id, slug, name FROM directory_group WHERE organization_id = $1 AND site_id IS NULL ORDER BY slug_folded
