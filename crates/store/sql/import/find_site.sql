SELECT id, organization_id FROM site WHERE slug_folded = $1
