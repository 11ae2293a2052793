SELECT r.id, r.slug, r.name, r.project FROM repository r WHERE r.workspace_id = $1 AND r.slug_folded = $2
