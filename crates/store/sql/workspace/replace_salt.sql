UPDATE workspace SET access_salt = $2 WHERE slug_folded = $1
