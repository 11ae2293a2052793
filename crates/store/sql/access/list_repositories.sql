SELECT slug_folded FROM repository WHERE workspace_id = $1 ORDER BY slug_folded
