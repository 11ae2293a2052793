SELECT id, slug, created_at FROM site WHERE organization_id = $1 AND slug_folded = $2
